"""The only place where findings, probabilities, anatomy and context become suggestion, attribute findings and verdict.

Order of the law: marks → 条例 第十四条 → 第十五条 → 第十六条 → 第十九至二十一条 → on request. A rule may overrule the
model, the model never overrules a mark. A withheld suggestion without a clause abstains: a bare 涉密 is no reason.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import regex

from prescan.classify.explain import explain, ground
from prescan.resources import data_rows
from prescan.types import ATTRIBUTE_LABELS, ATTRIBUTES, Candidate, Location, Part, Reason, Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from prescan.classify.score import Contribution, Scored
    from prescan.detect import Reading
    from prescan.rules import RuleBase
    from prescan.types import Attribute, Context, Finding, Level, Settings, Unread, Verdict

_SHORT: Final = 50
#: A form or a note of fewer characters is not contradicted by the model alone.
_TOO_SHORT_TO_CONTRADICT: Final = 100
_LOOKED_AT: Final = 1_000
#: Probability of 不予公开 that a mark stands for.
_MARKED: Final = 0.98
_REASONS_AT_MOST: Final = 5
#: A word of the model is shown as a reason if it is at least this long; shorter ones explain nothing.
_TELLING: Final = 3
_TOLD_AT_MOST: Final = 3
_REASONS_AT_LEAST: Final = 2
#: Categories whose findings are parts to remove before the rest may be published.
_REMOVABLE: Final = frozenset({"personal", "sensitive_personal", "trade_secret"})
#: A doubt of these types settles 不予公开 by itself when it is a blocking mark.
_MARKS: Final = frozenset({"secret_mark"})
#: Doubts that only the authority can settle (条例 第十七条第三款).
_FOR_AUTHORITY: Final = frozenset({"secret_content", "copy_number"})
#: What goes with the question to the authority.
_TO_SEND: Final = "不能确定能否公开的，报请确定时附：拟公开的文本、说明不能确定原因的公文、对方要求的其他材料"
_ASK_CLAUSE: Final = "条例 第十七条第三款"
#: A web page or plain text is not held to state its attribute, whatever number it bears.
_NEVER_OFFICIAL: Final = frozenset({"text/html", "text/plain"})
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
    """What judging adds to the findings."""

    suggestion: Suggestion | None
    candidates: tuple[Candidate, ...]
    """Attribute findings still to be resolved."""


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
    """Return the suggestion and the attribute findings of a document.

    `findings` carry their suppression already; a text that was only partly read makes the suggestion abstain.
    """
    active = [finding for finding in findings if finding.suppressed is None]
    declared = context.declared or (reading.anatomy.declared.attribute if reading.anatomy.declared else None)
    suggestion = _suggest(reading, active, scored, declared, partly_unread=partly_unread)
    return Judgement(suggestion, tuple(_attribute_candidates(reading, suggestion, rules, context, settings)))


def verdict(findings: Iterable[Finding], suggestion: Suggestion | None, unread: Sequence[Unread]) -> Verdict:
    """Return the first that holds: blocked, unread, review, clear."""
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
    marks = [finding for finding in active if finding.type in _MARKS and finding.level == "block"]
    probabilities = _marked(scored.probabilities) if marks else scored.probabilities
    attribute: Attribute = max(ATTRIBUTES, key=lambda name: probabilities[name])
    length = len("".join(reading.text[:_LOOKED_AT].split()))
    short = length < _SHORT and not marks
    reasons = [Reason("文本过短，无法判断", None, None, "")] if short else []
    item = _catalogue(reading) if attribute == "proactive" else None
    reasons += [] if short else list(_reasons(reading, active, scored, attribute, item))[:_REASONS_AT_MOST]
    clauses = tuple(dict.fromkeys(reason.clause for reason in reasons if reason.clause))
    unfounded = attribute == "withheld" and not clauses
    abstained = (
        short or partly_unread or (scored.abstained and not marks) or unfounded or len(reasons) < _REASONS_AT_LEAST
    )
    parts = tuple(_parts(active)) if attribute != "withheld" else ()
    doubt = next((one for one in active if one.type in _FOR_AUTHORITY and one.level == "review"), None)
    asks = doubt is not None and not marks
    if doubt is not None and asks:
        reasons.append(Reason(_TO_SEND, doubt.start, doubt.end, _ASK_CLAUSE))
        clauses = (*clauses, *(() if _ASK_CLAUSE in clauses else (_ASK_CLAUSE,)))
    return Suggestion(
        attribute=attribute,
        probabilities=probabilities,
        abstained=abstained,
        handling="ask_authority" if asks else "partial" if parts else "whole",
        parts=parts,
        reasons=tuple(reasons),
        basis=clauses,
        catalogue=item[0] if item else None,
        declared=declared,
        conflict=not abstained
        and declared is not None
        and declared != attribute
        and (length >= _TOO_SHORT_TO_CONTRADICT or any(finding.level != "note" for finding in active)),
    )


def _marked(probabilities: Mapping[Attribute, float]) -> dict[Attribute, float]:
    """Return the probabilities of a document that bears a mark: the others share what is left as before."""
    held = max(_MARKED, probabilities["withheld"])
    scale = (1 - held) / max(1 - probabilities["withheld"], 1e-12)
    return {name: held if name == "withheld" else share * scale for name, share in probabilities.items()}


def _reasons(
    reading: Reading,
    active: Sequence[Finding],
    scored: Scored,
    attribute: Attribute,
    item: tuple[str, str] | None,
) -> Iterator[Reason]:
    """Yield the grounds, strongest first: findings, 文种, the catalogue, then the words the model weighed most."""
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
    yield from _told_by_model(scored.contributions, attribute)


def _told_by_model(contributions: Sequence[Contribution], attribute: Attribute) -> Iterator[Reason]:
    """Yield what the model weighed and a person can follow: known formulas with their clause, then long words."""
    for_it = [one for one in contributions if one.label == attribute and one.start is not None]
    grounds = [(one, ground(one.feature)) for one in for_it]
    known = [(one, said) for one, said in grounds if said and said.leans == attribute]
    words = [(one, said) for one, said in grounds if said is None and (one.end or 0) - (one.start or 0) >= _TELLING]
    seen: set[tuple[int | None, int | None]] = set()
    for one, found in [*known, *words]:
        if (one.start, one.end) in seen or len(seen) == _TOLD_AT_MOST:
            continue
        seen.add((one.start, one.end))
        text = explain(one.feature) if found else f"此处用语多见于{ATTRIBUTE_LABELS[attribute]}的文件"
        yield Reason(text, one.start, one.end, (found.clause if found else "") or _DEFAULT_CLAUSE[attribute])


def _parts(active: Sequence[Finding]) -> Iterator[Part]:
    """Yield what must go before the rest may be published (条例 第三十七条); equal spans once."""
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
    official = reading.anatomy.red_head and reading.document.media_type not in _NEVER_OFFICIAL
    if suggestion.declared is None and official and (rule := _speaking(rules, "attribute_missing")):
        said = "有文号或版头，但附注、公文处理信息中都没有公开属性"
        missing = Candidate(rule, "attribute_missing", None, None, "certain", (said,))
        level: Level | None = "block" if settings.require_attribute else None
        yield replace(missing, level=level, location=Location())
    if suggestion.conflict and suggestion.declared and (rule := _speaking(rules, "attribute_conflict")):
        said = f"标为{ATTRIBUTE_LABELS[suggestion.declared]}，内容更像{ATTRIBUTE_LABELS[suggestion.attribute]}"
        place = None if stated and not context.declared else Location()
        start, end = (None, None) if place else span
        yield Candidate(rule, "attribute_conflict", start, end, "likely", (said,), location=place)
    if (
        stated
        and stated.attribute == "withheld"
        and (rule := _speaking(rules, "basis_missing"))
        and not _CITES_A_CLAUSE.search(reading.text)
    ):
        said = "标为不予公开，但没有写明依据的条款或理由"
        yield Candidate(rule, "basis_missing", *stated.span, "likely", (said,))


def _speaking(rules: RuleBase, finding_type: str) -> str | None:
    """Return the id of the rule that announces an attribute finding; None: it is switched off."""
    found = [rule.id for rule in rules.rules if rule.type == finding_type and rule.kind == "attribute"]
    return found[-1] if found else None


def _catalogue(reading: Reading) -> tuple[str, str] | None:
    """Return the item of 条例 第二十条 or 第二十一条 the title falls under, and what it is, with its class of old."""
    title = reading.anatomy.title
    shown = reading.seen(reading.squeeze, title) if title else ""
    return next(((item, said) for item, pattern, said in _items() if pattern.search(shown)), None)


@functools.cache
def _items() -> tuple[tuple[str, regex.Pattern[str], str], ...]:
    rows = ((item, pattern, said, old) for item, pattern, said, old in data_rows("catalogue.tsv"))
    return tuple(
        (item, regex.compile(pattern), said + (f"（{old}）" if old else "")) for item, pattern, said, old in rows
    )


@functools.cache
def _exemptions() -> dict[str, tuple[str, str]]:
    return {row[0]: (row[1], row[2]) for row in data_rows("exemptions.tsv")}
