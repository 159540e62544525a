"""The one place that joins the rooms: a document goes in, a result comes out. Runs in the caller and in workers."""

from __future__ import annotations

import datetime
import functools
import zoneinfo
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prescan.arrays import combined
from prescan.classify.features import cue_words, features
from prescan.classify.score import Classifier
from prescan.decisions import ledger
from prescan.detect import Clock, Compiled, Reading, detect
from prescan.detect.resolve import Identity, reading_order, resolve, settled
from prescan.judge import judge, verdict
from prescan.resources import __version__, resource_dir
from prescan.rules import load_rules
from prescan.text.unseen import parted
from prescan.types import Block, Document, Location, ScanResult, Unread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prescan.types import Candidate, Context, Finding, Settings, Suppression

_SHANGHAI: Final = "Asia/Shanghai"
#: The list of words of the attribute's cues, looked for together with those of the rules.
_CUES: Final = "attribute cues"


def today(settings: Settings) -> datetime.date:
    """Return the date a scan counts from: the one set, else now in Asia/Shanghai (UTC+8 where no zone data exists)."""
    if settings.today:
        return settings.today
    try:
        zone: datetime.tzinfo = zoneinfo.ZoneInfo(_SHANGHAI)
    except zoneinfo.ZoneInfoNotFoundError:
        zone = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime.now(tz=zone).date()


@dataclass(frozen=True)
class Engine:
    """Rules and model, loaded once; read-only, so threads may share it."""

    settings: Settings
    key: bytes
    rules: Compiled
    classifier: Classifier
    accepted: Mapping[str, Suppression] = field(default_factory=dict)
    """By finding id: what a person accepted, until the day it expires."""

    @classmethod
    def load(cls, settings: Settings, key: bytes, accepted: Mapping[str, Suppression] | None = None) -> Engine:
        """Load what the settings ask for. Raises RuleError, ModelError."""
        base = load_rules(settings.rules, settings.disabled)
        if settings.names == "off":
            base = replace(base, rules=tuple(rule for rule in base.rules if rule.kind != "name"))
        own = settings.attribute_model
        classifier = Classifier.load(Path(own) if own else resource_dir("models") / "attribute")
        return cls(settings, key, Compiled(base, {_CUES: cue_words()}), classifier, accepted or {})

    @functools.cached_property
    def versions(self) -> dict[str, str]:
        """Return what a report must name to be repeatable."""
        rules = self.rules
        others = [
            model.version
            for model in (rules.names, rules.passages, rules.levels, rules.statements, *(rules.limits or ()))
            if model
        ]
        model = combined(self.classifier.version, *others) if others else self.classifier.version
        return {"prescan": __version__, "rules": self.rules.base.digest, "model": model}

    def scan(
        self,
        document: Document,
        context: Context,
        day: datetime.date,
        unread: Sequence[Unread] = (),
        marks: dict[str, bytes] | None = None,
    ) -> ScanResult:
        """Return the result of a document that has been read; `unread` says what of it could not be.

        Periods and what was accepted are counted to `day`; everything said of one document goes by the same.
        `marks`, if given, is filled with the fingerprint of every finding by its id.
        """
        if not document.text.strip():
            lost = tuple(unread) or (Unread.of(document.name, "empty"),)
            return empty_result(document, lost, self.versions, day)
        document = parted(document)
        reading = Reading.of(document)
        identity = Identity(self.key, context.url or document.name, {} if marks is None else marks)
        rules = self.rules.rules
        clock = Clock.of(context, day)
        candidates = detect(reading, self.rules, context.stage, clock) + self._in_names(document, context.stage)
        masks = self.settings.masks
        findings = ledger.suppressed(resolve(candidates, reading, rules, identity, masks), self.accepted, day)
        counts = Counter(finding.type for finding in findings if finding.suppressed is None)
        seen = reading.squeeze, reading.words[_CUES]
        scored = self.classifier.score(features(reading.text, reading.anatomy, counts, seen=seen))
        judged = judge(
            reading,
            findings,
            scored,
            rules=self.rules.base,
            context=context,
            settings=self.settings,
            partly_unread=bool(unread),
        )
        judged_findings = resolve(judged.candidates, reading, rules, identity, masks)
        findings = sorted([*findings, *ledger.suppressed(judged_findings, self.accepted, day)], key=reading_order)
        kept, lost = self._capped(document, findings, tuple(unread))
        title = reading.anatomy.title
        number = reading.anatomy.doc_number
        return ScanResult(
            document=document,
            findings=kept,
            suggestion=judged.suggestion,
            unread=lost,
            verdict=verdict(findings, judged.suggestion, lost),
            versions=self.versions,
            today=day,
            title=context.title or (reading.text[title.start : title.end].strip() if title else None),
            doc_number=reading.text[number.start : number.end].strip() if number else None,
        )

    def _in_names(self, document: Document, stage: str) -> list[Candidate]:
        """Return what the names of the file and of its members give away; such a finding has no place in the text."""
        members = dict.fromkeys(block.location.member for block in document.blocks if block.location.member)
        found = []
        for name, member in ((document.name, None), *((member, member) for member in members)):
            if not name:
                continue
            place = Location(part="filename", member=member)
            reading = Reading.of(Document(name, None, None, (Block(name, place, sep=""),)))
            held = settled(detect(reading, self.rules, stage), reading, self.rules.rules, self.settings.masks)
            found += [replace(candidate, start=None, end=None, location=place) for candidate in held]
        return found

    def _capped(
        self, document: Document, findings: list[Finding], unread: tuple[Unread, ...]
    ) -> tuple[tuple[Finding, ...], tuple[Unread, ...]]:
        """Keep the first findings up to the limit; more than that is said, not swallowed."""
        most = self.settings.limits.findings
        if len(findings) <= most:
            return tuple(findings), unread
        said = f"疑点共 {len(findings)} 处，只列出前 {most} 处，其余请分批处理后重扫"
        return tuple(findings[:most]), (*unread, Unread(document.name, "too_large", said))


def empty_result(
    document: Document, unread: tuple[Unread, ...], versions: dict[str, str], day: datetime.date
) -> ScanResult:
    """Return the result of an input nothing could be read of."""
    return ScanResult(document, (), None, unread, verdict((), None, unread), versions, day)
