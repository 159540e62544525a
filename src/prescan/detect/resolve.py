"""From candidates to findings: conflicts, levels, duplicates.

1. One finding for one value. Of overlapping candidates, one confirmed by a check digit beats one that is only valid,
   and that one beats an invalid one; then the longer wins, then one with a cue, then one with the usual length of its
   type (`_USUAL`). Types of category personal compete with each other; any other type only with itself, and there the
   stricter level comes first.
2. The level is the rule's own, else the type's default (a higher one in rosters), raised for a name beside other
   personal data (`_RAISED_BY_COMPANY`). With confidence `check` it is at most review.
3. Equal values in equal surroundings get the same id, so that one decision covers them.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import regex

from prescan.decisions import finding_id, fingerprint
from prescan.detect.own_masks import masked
from prescan.resources import finding_types
from prescan.text.masked_text import MaskedText
from prescan.types import LEVELS, PERSONAL_CATEGORIES, Candidate, Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Confidence, Level

#: Categories whose types compete for one place.
_COMPETING: Final = frozenset({"personal"})
#: Types that tell little alone: their level if other personal data is in the same row or sentence.
_RAISED_BY_COMPANY: Final[Mapping[str, Level]] = {"person_name": "review"}
#: Category → message. The default says 疑似, because a person decides.
_MESSAGES: Final = {
    "hidden_content": "文件中有{label}",
    "attribute": "{label}",
    "flow": "{label}",
}
_DEFAULT_MESSAGE: Final = "疑似出现{label}"
#: A finding that is not an identifier shows at most this many characters.
_SHOWN_AT_MOST: Final = 30
#: As long as an ID or card number. What no rule takes for one may be one with an error, so it is not shown either.
_LONG_NUMBER: Final = regex.compile(r"(?<!\d)(\d\d)(\d{12,17}[\dXx])(?!\d)")
#: Characters of the fold view on each side that go into the fingerprint.
_SURROUNDINGS: Final = 20
#: Types that one label often names together (社保/公积金, 个人编号, 个人账号) → the usual number of characters.
_USUAL: Final[Mapping[str, range]] = {
    "social_security_no": range(8, 12),
    "provident_fund_no": range(12, 15),
    "bank_account": range(15, 26),
}
#: OCR with a lower certainty makes a finding that has to be checked.
_LEGIBLE: Final = 0.9
_RECOGNISED: Final = "文字由图像识别得来，请对照原图"
_HARDLY_LEGIBLE: Final = "文字由图像识别得来，图像不清，识别把握不大，请对照原图"
_NO_MASKS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Identity:
    """What the ids of findings are made from: the key, and the document's place (url, path below the root, or name)."""

    key: bytes
    place: str
    fingerprints: dict[str, bytes] = field(default_factory=dict, repr=False)
    """Filled by `resolve`: id → fingerprint, for stores that keep a finding at several places."""


def resolve(
    candidates: Iterable[Candidate],
    reading: Reading,
    rules: Mapping[str, Rule],
    identity: Identity,
    masks: Mapping[str, str] = _NO_MASKS,
) -> list[Finding]:
    """Return the findings sorted by start, longer first, then rule id; those without a place in the text come last.

    `masks` is Settings.masks: finding type → how its values are masked.
    """
    kept = settled(candidates, reading, rules, masks)
    if not kept:
        return []
    masking = MaskedText(reading.text, [(c.start or 0, c.end or 0, c.masked) for c in kept if _is_identifier(c)])
    company = _company(kept)
    findings = [
        _finding(candidate, _level(candidate, reading, company), reading, rules, identity, masking)
        for candidate in kept
    ]
    return sorted(findings, key=reading_order)


def settled(
    candidates: Iterable[Candidate], reading: Reading, rules: Mapping[str, Rule], masks: Mapping[str, str] = _NO_MASKS
) -> list[Candidate]:
    """Return the candidates that win their conflicts, with their values masked; `masks` is Settings.masks."""
    kept = _without_conflicts(candidates)
    return masked(kept, reading, rules, masks) if kept else []


def reading_order(finding: Finding) -> tuple[bool, int, int, str]:
    """Return the sort key of findings."""
    if finding.start is None or finding.end is None:
        return True, 0, 0, finding.rule_id
    return False, finding.start, -finding.end, finding.rule_id


def _without_conflicts(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates that no better candidate of the same group overlaps.

    The evidence of a winner names the types of those it overlaps, if they differ from its own.
    """
    kept: list[Candidate] = []
    taken: dict[str, list[tuple[int, int, int]]] = {}
    for candidate in sorted(candidates, key=_rank):
        if candidate.start is None or candidate.end is None or _is_place(candidate):
            kept.append(candidate)
            continue
        spans = taken.setdefault(_group(candidate), [])
        at = bisect.bisect_left(spans, (candidate.start, candidate.end, -1))
        rivals = [s for s in spans[max(0, at - 1) : at + 2] if s[0] < candidate.end and candidate.start < s[1]]
        if not rivals:
            spans.insert(at, (candidate.start, candidate.end, len(kept)))
            kept.append(candidate)
        elif kept[rivals[0][2]].type != candidate.type:
            winner = kept[rivals[0][2]]
            contained = f"内含{finding_types()[candidate.type].label.removeprefix('居民')}"
            if contained not in winner.evidence:
                kept[rivals[0][2]] = replace(winner, evidence=(*winner.evidence, contained))
    return kept


def _rank(candidate: Candidate) -> tuple[int, int, int, bool, bool, bool, str, int]:
    """Return the sort key of candidates; of two that overlap, the first wins."""
    start, end, strength = candidate.start or 0, candidate.end or 0, candidate.strength
    return (
        _strictness(candidate),
        -strength.proof,
        start - end,
        not strength.cued,
        not _usual(candidate),
        candidate.level != "block",
        candidate.rule_id,
        start,
    )


def _strictness(candidate: Candidate) -> int:
    """Return the first sort key: the index of the level; 0 for types that compete with each other."""
    kind = finding_types()[candidate.type]
    if kind.category in _COMPETING:
        return 0
    return LEVELS.index(_limited(candidate, candidate.level or kind.level))


def _limited(candidate: Candidate, level: str) -> str:
    """Return the level, limited to review if the candidate's confidence is `check`."""
    return "review" if level == "block" and candidate.confidence == "check" else level


def _usual(candidate: Candidate) -> bool:
    """Return whether a number has the usual length of its type; True for types without one."""
    lengths = _USUAL.get(candidate.type)
    return lengths is None or sum(char.isalnum() or char == "*" for char in candidate.masked) in lengths


def _is_place(candidate: Candidate) -> bool:
    return finding_types()[candidate.type].category == "hidden_content"


def _is_identifier(candidate: Candidate) -> bool:
    return candidate.start is not None and finding_types()[candidate.type].category in _COMPETING


def _group(candidate: Candidate) -> str:
    category = finding_types()[candidate.type].category
    return category if category in _COMPETING else candidate.type


def _company(candidates: Iterable[Candidate]) -> list[int]:
    """Return the sorted starts of the personal data that raises the level of a name beside it."""
    return sorted(
        candidate.start
        for candidate in candidates
        if candidate.start is not None
        and candidate.type not in _RAISED_BY_COMPANY
        and finding_types()[candidate.type].category in PERSONAL_CATEGORIES
    )


def _level(candidate: Candidate, reading: Reading, company: list[int]) -> Level:
    kind = finding_types()[candidate.type]
    in_roster = candidate.start is not None and reading.anatomy.in_roster(candidate.start)
    level = candidate.level or (kind.roster_level if in_roster else kind.level)
    raised = _RAISED_BY_COMPANY.get(candidate.type)
    if raised and candidate.level is None and _in_company(candidate, reading, company):
        level = raised
    return _limited(candidate, level)  # type: ignore[return-value]  # a str in the table; a test checks its values


def _in_company(candidate: Candidate, reading: Reading, company: list[int]) -> bool:
    """Return whether other personal data is in the same table row or sentence; `company` are its sorted starts."""
    if candidate.start is None or candidate.end is None or not company:
        return False
    found = reading.anatomy.cell_at(candidate.start)
    place = found[0].row_of(found[1]) if found else reading.sentence(candidate.start, candidate.end)
    first = bisect.bisect_left(company, place[0])
    return first < len(company) and company[first] < place[1]


def _finding(  # noqa: PLR0913, PLR0917  what a finding is made of
    candidate: Candidate,
    level: Level,
    reading: Reading,
    rules: Mapping[str, Rule],
    identity: Identity,
    masking: MaskedText,
) -> Finding:
    kind, rule = finding_types()[candidate.type], rules[candidate.rule_id]
    location = candidate.location
    if location is None:
        location = reading.document.block_at(candidate.start or 0).location
    confidence, evidence = _as_recognised(candidate, reading)
    own = fingerprint(identity.key, rule.id, candidate.type, *_surroundings(candidate, reading, location))
    known_as = finding_id(identity.key, own, identity.place)
    identity.fingerprints[known_as] = own
    return Finding(
        id=known_as,
        rule_id=rule.id,
        type=candidate.type,
        category=kind.category,
        level=level,
        confidence=confidence,
        start=candidate.start,
        end=candidate.end,
        masked=candidate.masked if _is_identifier(candidate) else _shown(candidate, masking),
        message=_MESSAGES.get(kind.category, _DEFAULT_MESSAGE).format(label=kind.label),
        evidence=evidence,
        basis=rule.basis,
        advice=rule.advice,
        location=location,
    )


def _as_recognised(candidate: Candidate, reading: Reading) -> tuple[Confidence, tuple[str, ...]]:
    """Return confidence and evidence, taking into account how sure OCR was of the text.

    The level does not change: a hardly legible mark is as urgent as any other.
    """
    if candidate.start is None or candidate.end is None:
        return candidate.confidence, candidate.evidence
    document = reading.document
    first, last = document.block_index(candidate.start), document.block_index(max(candidate.start, candidate.end - 1))
    certainties = [block.certainty for block in document.blocks[first : last + 1] if block.certainty is not None]
    if not certainties:
        return candidate.confidence, candidate.evidence
    legible = min(certainties) >= _LEGIBLE
    evidence = (*candidate.evidence, _RECOGNISED if legible else _HARDLY_LEGIBLE)
    return (candidate.confidence if legible else "check"), evidence


def _surroundings(candidate: Candidate, reading: Reading, location: Location) -> list[str]:
    """Return what identifies a finding apart from rule and type: value and surroundings, or its place in the file."""
    if candidate.start is None or candidate.end is None:
        return [location.part, str(location.page), str(location.cell), location.member or "", candidate.masked]
    folded = reading.fold
    start, end = folded.position(candidate.start), folded.position(candidate.end)
    sides = (folded.text[max(0, start - _SURROUNDINGS) : start], folded.text[end : end + _SURROUNDINGS])
    return [folded.text[start:end], *sides]


def _shown(candidate: Candidate, masking: MaskedText) -> str:
    """Return the beginning of the text with all identifiers in it masked; nothing of a hidden place."""
    if candidate.start is None or candidate.end is None or _is_place(candidate):
        return candidate.masked
    shown = masking.span(candidate.start, candidate.end)
    return _LONG_NUMBER.sub(lambda match: match[1] + "*" * len(match[2]), shown)[:_SHOWN_AT_MOST]
