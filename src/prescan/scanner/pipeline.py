"""The scan of one document: joins detection, classification and judging. Runs in the caller and in workers."""

from __future__ import annotations

import functools
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
from prescan.text.invisible import split_invisible
from prescan.types import Block, Document, Location, ScanResult, Unread

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from prescan.types import Candidate, Context, Finding, Settings, Suppression

#: Name of the word list with the attribute's cues, which is searched together with the words of the rules.
_CUES: Final = "attribute cues"


@dataclass(frozen=True)
class Engine:
    """Rules and models, loaded once and then read-only, so that threads may share them."""

    settings: Settings
    key: bytes
    rules: Compiled
    classifier: Classifier
    accepted: Mapping[str, Suppression] = field(default_factory=dict)
    """Suppressions by finding id, expired ones included."""

    @classmethod
    def load(cls, settings: Settings, key: bytes, accepted: Mapping[str, Suppression] | None = None) -> Engine:
        """Load the rules and models the settings name. Raises RuleError, ModelError."""
        base = load_rules(settings.rules, settings.disabled)
        if settings.names == "off":
            base = replace(base, rules=tuple(rule for rule in base.rules if rule.kind != "name"))
        own = settings.attribute_model
        classifier = Classifier.load(Path(own) if own else resource_dir("models") / "attribute")
        return cls(settings, key, Compiled(base, {_CUES: cue_words()}), classifier, accepted or {})

    @functools.cached_property
    def versions(self) -> dict[str, str]:
        """The versions a report must name so that it can be repeated."""
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
        fingerprints: dict[str, bytes] | None = None,
    ) -> ScanResult:
        """Scan a document; `unread` lists the parts of it that could not be read.

        Periods and expiry dates are computed for `day`. `fingerprints`, if given, is filled with the fingerprint of
        every finding by its id.
        """
        if not document.text.strip():
            lost = tuple(unread) or (Unread.of(document.name, "empty"),)
            return empty_result(document, lost, self.versions, day)
        document = split_invisible(document)
        reading = Reading.of(document)
        identity = Identity(self.key, context.url or document.name, {} if fingerprints is None else fingerprints)
        rules = self.rules.rules
        clock = Clock.of(context, day)
        candidates = detect(reading, self.rules, context.stage, clock) + self._in_file_names(document, context.stage)
        masks = self.settings.masks
        findings = ledger.suppress(resolve(candidates, reading, rules, identity, masks), self.accepted, day)
        counts = Counter(finding.type for finding in findings if finding.suppressed is None)
        prepared = reading.squeeze, reading.words[_CUES]
        scored = self.classifier.score(features(reading.text, reading.anatomy, counts, prepared=prepared))
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
        findings = sorted([*findings, *ledger.suppress(judged_findings, self.accepted, day)], key=reading_order)
        kept, lost = self._capped(document, findings, tuple(unread))
        title = reading.anatomy.stated_title
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

    def _in_file_names(self, document: Document, stage: str) -> list[Candidate]:
        """Return candidates found in the names of the file and its members; they have no offsets in the text."""
        members = dict.fromkeys(block.location.member for block in document.blocks if block.location.member)
        candidates = []
        for name, member in ((document.name, None), *((member, member) for member in members)):
            if not name:
                continue
            place = Location(part="filename", member=member)
            reading = Reading.of(Document(name, None, None, (Block(name, place, sep=""),)))
            in_name = settled(detect(reading, self.rules, stage), reading, self.rules.rules, self.settings.masks)
            candidates += [replace(candidate, start=None, end=None, location=place) for candidate in in_name]
        return candidates

    def _capped(
        self, document: Document, findings: list[Finding], unread: tuple[Unread, ...]
    ) -> tuple[tuple[Finding, ...], tuple[Unread, ...]]:
        """Keep the findings up to the limit; if there are more, add an Unread that says so."""
        most = self.settings.limits.findings
        if len(findings) <= most:
            return tuple(findings), unread
        detail = f"疑点共 {len(findings)} 处，只列出前 {most} 处，其余请分批处理后重扫"
        return tuple(findings[:most]), (*unread, Unread(document.name, "too_large", detail))


def empty_result(
    document: Document, unread: tuple[Unread, ...], versions: dict[str, str], day: datetime.date
) -> ScanResult:
    """Return the result of an input without any readable content."""
    return ScanResult(document, (), None, unread, verdict((), None, unread), versions, day)
