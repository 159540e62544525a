"""Derives the suggestion, the attribute findings and the verdict from findings, probabilities, anatomy and context.

Order of the law: secrecy marks → 条例 第十四条 → 第十五条 → 第十六条 → 第十九至二十一条 → on request.
A rule may overrule the model; the model never overrules a secrecy mark. A withheld suggestion without a clause
abstains: a bare 涉密 is no reason.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import regex

from prescan.classify.explain import explain, ground
from prescan.resources import data_rows
from prescan.types import ATTRIBUTE_LABELS, ATTRIBUTES, TO_SEND, Candidate, Location, Part, Reason, Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from prescan.classify.score import Contribution, Scored
    from prescan.detect import Reading
    from prescan.rules import RuleBase
    from prescan.types import Attribute, Context, Finding, Level, Settings, Unread, Verdict

#: A text with fewer characters, white space apart, is too short to judge.
_SHORT: Final = 50
#: In a shorter text (a form, a note) the model alone does not contradict the declared attribute.
_CONTRADICTED_FROM: Final = 100
#: The length is counted within the first so many characters.
_LENGTH_SAMPLE: Final = 1_000
#: The least probability of 不予公开 for a document with a secrecy mark.
_MARKED_PROBABILITY: Final = 0.98
_REASONS_AT_MOST: Final = 5
#: Words the model weighed are shown as reasons from this length; shorter ones explain nothing.
_REASON_WORD_LENGTH: Final = 3
_MODEL_REASONS_AT_MOST: Final = 3
_REASONS_AT_LEAST: Final = 2
#: Findings of these categories must be removed before the rest may be published.
_REMOVABLE: Final = frozenset({"personal", "sensitive_personal", "trade_secret"})
#: Secrecy marks: a blocking finding of these types alone makes the document 不予公开.
_SECRECY_MARKS: Final = frozenset({"secret_mark"})
#: Findings only the competent authority can decide (条例 第十七条第三款).
_FOR_AUTHORITY: Final = frozenset({"secret_content", "copy_number"})
_ASK: Final = f"不能确定能否公开的，报请确定时附：{'、'.join(TO_SEND)}"
_ASK_CLAUSE: Final = "条例 第十七条第三款"
#: Web pages and plain text need not state an attribute, even with a document number.
_EXEMPT_MEDIA_TYPES: Final = frozenset({"text/html", "text/plain"})
_CITES_A_CLAUSE = regex.compile(
    r"条例[》）)]?第?[一二三四五六七八九十\d]+条|第十[四五六]条|保守国家秘密法|国家秘密|商业秘密|个人隐私|内部事务|过程性信息|内部管理信息|行政执法案卷"
)
_DEFAULT_CLAUSE: Final[Mapping[Attribute, str]] = {
    "proactive": "条例 第十九条",
    "on_request": "条例 第二十七条",
    "withheld": "",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of `judge`."""

    suggestion: Suggestion | None
    candidates: tuple[Candidate, ...]
    """Attribute findings, not yet resolved."""


def judge(  # noqa: PLR0913  every noun it joins
    reading: Reading,
    findings: Sequence[Finding],
    scored: Scored,
    *,
    rules: RuleBase,
    context: Context,
    settings: Settings,
    partly_unread: bool = False,
) -> Judgement:
    """Derive the suggestion and the attribute findings of a document.

    `findings` must already carry their suppression. With `partly_unread` the suggestion abstains.
    """
    active = [finding for finding in findings if finding.suppressed is None]
    declared = context.declared or (reading.anatomy.declared.attribute if reading.anatomy.declared else None)
    suggestion = _suggest(reading, active, scored, declared, partly_unread=partly_unread)
    return Judgement(suggestion, tuple(_attribute_candidates(reading, suggestion, rules, context, settings)))


def verdict(findings: Iterable[Finding], suggestion: Suggestion | None, unread: Sequence[Unread]) -> Verdict:
    """Return the verdict: the first that applies of blocked, unread, review, clear."""
    levels = {finding.level for finding in findings if finding.suppressed is None}
    if "block" in levels:
        return "blocked"
    if unread:
        return "unread"
    if "review" in levels or suggestion is None or suggestion.abstained:
        return "review"
    settled = suggestion.attribute in {"proactive", suggestion.declared}
    return "clear" if settled else "review"


def _suggest(
    reading: Reading, active: Sequence[Finding], scored: Scored, declared: Attribute | None, *, partly_unread: bool
) -> Suggestion:
    secrecy_marks = [finding for finding in active if finding.type in _SECRECY_MARKS and finding.level == "block"]
    probabilities = _with_secrecy_mark(scored.probabilities) if secrecy_marks else scored.probabilities
    attribute: Attribute = max(ATTRIBUTES, key=lambda name: probabilities[name])
    length = len("".join(reading.text[:_LENGTH_SAMPLE].split()))
    short = length < _SHORT and not secrecy_marks
    reasons = [Reason("文本过短，无法判断", None, None, "")] if short else []
    item = _catalogue(reading) if attribute == "proactive" else None
    reasons += [] if short else list(_reasons(reading, active, scored, attribute, item))[:_REASONS_AT_MOST]
    clauses = tuple(dict.fromkeys(reason.clause for reason in reasons if reason.clause))
    unfounded = attribute == "withheld" and not clauses
    abstained = (
        short
        or partly_unread
        or (scored.abstained and not secrecy_marks)
        or unfounded
        or (len(reasons) < _REASONS_AT_LEAST and not secrecy_marks)  # a mark alone is reason enough
    )
    parts = tuple(_parts(active)) if attribute != "withheld" else ()
    question = next((one for one in active if one.type in _FOR_AUTHORITY and one.level == "review"), None)
    asks_authority = question is not None and not secrecy_marks
    if question is not None and asks_authority:
        reasons.append(Reason(_ASK, question.start, question.end, _ASK_CLAUSE))
        clauses = (*clauses, *(() if _ASK_CLAUSE in clauses else (_ASK_CLAUSE,)))
    return Suggestion(
        attribute=attribute,
        probabilities=probabilities,
        abstained=abstained,
        handling="ask_authority" if asks_authority else "partial" if parts else "whole",
        parts=parts,
        reasons=tuple(reasons),
        basis=clauses,
        catalogue=item[0] if item else None,
        declared=declared,
        conflict=not abstained
        and declared is not None
        and declared != attribute
        and (length >= _CONTRADICTED_FROM or any(finding.level != "note" for finding in active)),
    )


def _with_secrecy_mark(probabilities: Mapping[Attribute, float]) -> dict[Attribute, float]:
    """Raise 不予公开 to the probability of a secrecy mark; the others share the rest in their old proportion."""
    withheld = max(_MARKED_PROBABILITY, probabilities["withheld"])
    scale = (1 - withheld) / max(1 - probabilities["withheld"], 1e-12)
    return {name: withheld if name == "withheld" else share * scale for name, share in probabilities.items()}


def _reasons(
    reading: Reading,
    active: Sequence[Finding],
    scored: Scored,
    attribute: Attribute,
    item: tuple[str, str] | None,
) -> Iterator[Reason]:
    """Yield the reasons, strongest first: findings, 文种, the catalogue, then the words the model weighed most."""
    title, kind = reading.anatomy.title, reading.anatomy.kind
    if attribute == "withheld":
        exemptions = _exemptions()
        for finding_type in dict.fromkeys(finding.type for finding in active if finding.level != "note"):
            if finding_type in exemptions:
                first = next(finding for finding in active if finding.type == finding_type)
                clause, sentence = exemptions[finding_type]
                yield Reason(sentence, first.start, first.end, clause)
        if title and f"kind={kind}" in exemptions:
            clause, sentence = exemptions[f"kind={kind}"]
            yield Reason(sentence, *title, clause)
    if title and item:
        yield Reason(f"属于主动公开事项：{item[1]}", *title, f"条例 {item[0]}")
    yield from _model_reasons(scored.contributions, attribute)


def _model_reasons(contributions: Sequence[Contribution], attribute: Attribute) -> Iterator[Reason]:
    """Yield what the model weighed most and a person can follow: known phrases with their clause, then long words."""
    supporting = [one for one in contributions if one.label == attribute and one.start is not None]
    grounds = [(one, ground(one.feature)) for one in supporting]
    known = [(one, phrase) for one, phrase in grounds if phrase and phrase.leans == attribute]
    words = [
        (one, phrase)
        for one, phrase in grounds
        if phrase is None and (one.end or 0) - (one.start or 0) >= _REASON_WORD_LENGTH
    ]
    used_spans: set[tuple[int | None, int | None]] = set()
    for one, phrase in [*known, *words]:
        if (one.start, one.end) in used_spans or len(used_spans) == _MODEL_REASONS_AT_MOST:
            continue
        used_spans.add((one.start, one.end))
        text = explain(one.feature) if phrase else f"此处用语多见于{ATTRIBUTE_LABELS[attribute]}的文件"
        yield Reason(text, one.start, one.end, (phrase.clause if phrase else "") or _DEFAULT_CLAUSE[attribute])


def _parts(active: Sequence[Finding]) -> Iterator[Part]:
    """Yield the parts to remove before the rest may be published (条例 第三十七条), each span once."""
    spans: dict[tuple[int, int], list[str]] = {}
    for finding in active:
        if finding.category in _REMOVABLE and finding.level != "note" and finding.start is not None and finding.end:
            spans.setdefault((finding.start, finding.end), []).append(finding.id)
    for (start, end), ids in spans.items():
        yield Part(start, end, "条例 第十五条", tuple(ids))


def _attribute_candidates(
    reading: Reading, suggestion: Suggestion, rules: RuleBase, context: Context, settings: Settings
) -> Iterator[Candidate]:
    stated = reading.anatomy.declared
    span = stated.span if stated else (None, None)
    official = reading.anatomy.red_head and reading.document.media_type not in _EXEMPT_MEDIA_TYPES
    if suggestion.declared is None and official and (rule := _rule_for(rules, "attribute_missing")):
        evidence = "有文号或版头，但附注、公文处理信息中都没有公开属性"
        missing = Candidate(rule, "attribute_missing", None, None, "certain", (evidence,))
        level: Level | None = "block" if settings.require_attribute else None
        yield replace(missing, level=level, location=Location())
    if suggestion.conflict and suggestion.declared and (rule := _rule_for(rules, "attribute_conflict")):
        evidence = f"标为{ATTRIBUTE_LABELS[suggestion.declared]}，内容更像{ATTRIBUTE_LABELS[suggestion.attribute]}"
        place = None if stated and not context.declared else Location()
        start, end = (None, None) if place else span
        yield Candidate(rule, "attribute_conflict", start, end, "likely", (evidence,), location=place)
    if (
        stated
        and stated.attribute == "withheld"
        and (rule := _rule_for(rules, "basis_missing"))
        and not _CITES_A_CLAUSE.search(reading.text)
    ):
        evidence = "标为不予公开，但没有写明依据的条款或理由"
        yield Candidate(rule, "basis_missing", *stated.span, "likely", (evidence,))


def _rule_for(rules: RuleBase, finding_type: str) -> str | None:
    """Return the id of the rule for an attribute finding of this type; None if it is disabled."""
    ids = [rule.id for rule in rules.rules if rule.type == finding_type and rule.kind == "attribute"]
    return ids[-1] if ids else None


def _catalogue(reading: Reading) -> tuple[str, str] | None:
    """Return the item of 条例 第二十条 or 第二十一条 for the title, and its label with its class of 2007."""
    title = reading.anatomy.title
    squeezed_title = reading.seen(reading.squeeze, title) if title else ""
    return next(((item, label) for item, pattern, label in _items() if pattern.search(squeezed_title)), None)


@functools.cache
def _items() -> tuple[tuple[str, regex.Pattern[str], str], ...]:
    rows = ((item, pattern, label, former_class) for item, pattern, label, former_class in data_rows("catalogue.tsv"))
    return tuple(
        (item, regex.compile(pattern), label + (f"（{former_class}）" if former_class else ""))
        for item, pattern, label, former_class in rows
    )


@functools.cache
def _exemptions() -> dict[str, tuple[str, str]]:
    return {row[0]: (row[1], row[2]) for row in data_rows("exemptions.tsv")}
