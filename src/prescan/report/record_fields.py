"""The fields of a review record as text: what the scan found, what people decided, and what is left empty.

An office may use the names of the fields in its own form: {{标题}}.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from prescan.report.rows import VALUES_SHOWN, file_name
from prescan.report.shown import ALL_HANDLED, Contexts, accepted, printable, shown_name, versions_of
from prescan.resources import finding_types
from prescan.types import (
    ATTRIBUTE_LABELS,
    ATTRIBUTES,
    HANDLING_LABELS,
    LEVEL_LABELS,
    LEVELS,
    SECRET_CATEGORIES,
    TO_SEND,
    VERDICT_LABELS,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from prescan.decisions.ledger import DocumentDecisions
    from prescan.report import Options
    from prescan.types import Finding, ScanResult, Suggestion

#: The form stays short: it names at most so many places; the other reports have them all.
_PLACES_AT_MOST: Final = 9
_SHOWN_OF_A_RULE: Final = 3
_RULES_AT_MOST: Final = 12
_PARTS_AT_MOST: Final = 5
_KINDS_AT_MOST: Final = 6
_GROUNDS_AT_MOST: Final = 4
_CLAUSES_AT_MOST: Final = 2
_WORDS_AT_MOST: Final = 30
_SUMMARY: Final = 100
#: The conclusions of a review, in the order of the form and of the desk.
PUBLISH: Final = "可以公开"
PUBLISH_REDACTED: Final = "删除有关内容后公开"
ON_REQUEST: Final = "依申请公开"
WITHHOLD: Final = "不予公开"
CONCLUSIONS: Final = (PUBLISH, PUBLISH_REDACTED, ON_REQUEST, WITHHOLD, "不能确定，报有关主管部门或保密行政管理部门")
#: The questions a review answers, in the order of the law, and the categories of findings that bear on each.
_QUESTIONS: Final = (
    ("国家秘密", ("state_secret",)),
    ("工作秘密、内部标志", ("work_secret",)),
    ("商业秘密", ("trade_secret",)),
    ("个人隐私、个人信息", ("personal", "sensitive_personal")),
    ("三安全一稳定", ("safety",)),
    ("内部事务、过程性信息、执法案卷", ("process", "law_enforcement")),
    ("隐藏内容", ("hidden_content",)),
)
_NOTHING: Final = "（无）"


def decisions_on(result: ScanResult, options: Options) -> DocumentDecisions | None:
    """Return what people decided about a document, matched by its sha256, else by the ids of its findings."""
    ids = {finding.id for finding in result.findings}
    digest = result.document.sha256
    by_bytes = [one for one in options.decisions if digest and one.sha256 == digest]
    by_id = [one for one in options.decisions if ids & one.findings.keys()]
    stated = [one for one in by_bytes if one.attribute or one.reviewer]
    return next(iter([*stated, *by_bytes, *by_id]), None)


def verdicts(result: ScanResult, options: Options) -> dict[str, str]:
    """Return the decisions about a result's findings by finding id, as text."""
    texts: dict[str, str] = {}
    for document in options.decisions:
        for finding_id, decision in document.findings.items():
            reason = f"（{decision.reason}）" if decision.reason and decision.reason != decision.verdict else ""
            texts[finding_id] = printable(f"{decision.verdict}{reason}")
    return {one.id: texts[one.id] for one in result.findings if one.id in texts}


def fields(result: ScanResult, options: Options) -> Mapping[str, str]:
    """Return the text of every field by its name; it may have several lines."""
    contexts = Contexts(result, options)
    suggestion, decision = result.suggestion, decisions_on(result, options)
    name = file_name(result, options)
    title = printable(shown_name(result.title, options, result)) if result.title else name
    return {
        "标题": title,
        "文号": printable(result.doc_number or "") or _NOTHING,
        "摘要": _summary(result, contexts),
        "文件名": name,
        "校验值": result.document.sha256 or "（未读到内容）",
        "载体形式": _carrier(result),
        "附件清单": _members(result, options),
        "机审结论": _conclusion(result),
        "逐项审查": "\n".join(_answers(result)),
        "未读内容": "\n".join(_unread(result)) or _NOTHING,
        "建议公开属性": _suggested(suggestion) if suggestion else "（未能建议）",
        "建议依据": "、".join(suggestion.basis) if suggestion and suggestion.basis else _NOTHING,
        "建议理由": "\n".join(_grounds(suggestion)) if suggestion else _NOTHING,
        "区分处理": "\n".join(_parts(result, contexts)) or _NOTHING,
        "报送材料": "\n".join(f"{number}. {one}" for number, one in enumerate(TO_SEND, 1))
        if needs_authority(result)
        else _NOTHING,
        "疑点数": str(len(result.findings)),
        "疑点清单": "\n".join("　".join(filter(None, row)) for row in doubts(result, options)) or _NOTHING,
        "处置情况": handled(result, options),
        "处理单意见": one_line(result),
        "版本": versions_of(result),
        "机审日期": result.today.isoformat(),
        "明文提示": VALUES_SHOWN if options.show_values else "",
        "公开属性": ATTRIBUTE_LABELS[decision.attribute] if decision and decision.attribute else "",
        "不公开依据": printable(decision.clause) if decision else "",
        "审查人": printable(decision.reviewer) if decision else "",
        "审查时间": printable(decision.time) if decision else "",
        "审查环节": printable(decision.stage) if decision else "",
    }


def needs_authority(result: ScanResult) -> bool:
    """Return whether only the competent authority can decide (条例 第十七条第三款)."""
    return result.suggestion is not None and result.suggestion.handling == "ask_authority"


def one_line(result: ScanResult) -> str:
    """Return one line for the 公文处理单: attribute, basis, conclusion of the scan."""
    suggestion = result.suggestion
    if suggestion is None:
        text = "公开属性：请人工确定"
    elif suggestion.abstained:
        text = "公开属性：机审无法判断，请人工确定"
    else:
        text = f"公开属性：建议{ATTRIBUTE_LABELS[suggestion.attribute]}"
        text += f"（{'、'.join(suggestion.basis[:2])}）" if suggestion.basis else ""
    if suggestion and suggestion.handling != "whole":
        text += f"，{HANDLING_LABELS[suggestion.handling]}"
    return f"{text}。保密审查：机审{_conclusion(result)}，结论以人审为准。"


def doubts(result: ScanResult, options: Options) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row per rule, the most serious first: type and count, first places, masked contexts, clauses."""
    contexts = Contexts(result, options)
    decided = verdicts(result, options)
    rules = sorted(
        dict.fromkeys(one.rule_id for one in result.findings),
        key=lambda rule_id: min(LEVELS.index(one.level) for one in result.findings if one.rule_id == rule_id),
    )
    places_of_a_rule = places_shown(result)
    for rule_id in rules[:_RULES_AT_MOST]:
        of_rule = [one for one in result.findings if one.rule_id == rule_id]
        what = f"{LEVEL_LABELS[of_rule[0].level]} {finding_types()[of_rule[0].type].label} {len(of_rule)} 处"
        first_ones = of_rule[:places_of_a_rule]
        places = "\n".join(contexts.place(one) for one in first_ones)
        yield what, places, "\n".join(_words(one, contexts, decided) for one in first_ones), _clauses(of_rule[0].basis)
    if len(rules) > _RULES_AT_MOST:
        yield f"另有 {len(rules) - _RULES_AT_MOST} 类", "", "完整清单请用 --format xlsx", ""


def places_shown(result: ScanResult) -> int:
    """Return how many places per rule `doubts` lists: fewer if there are many rules."""
    rules = len({one.rule_id for one in result.findings})
    return max(1, min(_SHOWN_OF_A_RULE, _PLACES_AT_MOST // max(1, rules)))


def _clauses(basis: Sequence[str]) -> str:
    return "、".join(basis[:_CLAUSES_AT_MOST]) + (" 等" if len(basis) > _CLAUSES_AT_MOST else "")


def handled(result: ScanResult, options: Options) -> str:
    """Return the numbers of findings by decision, and of those without one."""
    decided = verdicts(result, options)
    counts = Counter(words.partition("（")[0] for words in decided.values())
    undecided = [one for one in result.findings if one.id not in decided]
    open_ones = sum(one.suppressed is None for one in undecided)
    counts += Counter({"已处置": len(undecided) - open_ones})
    return "，".join([*(f"{verdict} {count} 处" for verdict, count in counts.items()), f"未处置 {open_ones} 处"])


def _words(one: Finding, contexts: Contexts, decided: Mapping[str, str]) -> str:
    text = contexts.around(one) or "；".join(map(printable, one.evidence))
    text = text if len(text) <= _WORDS_AT_MOST else f"{text[:_WORDS_AT_MOST]}…"
    silenced = printable(one.suppressed.reason) if one.suppressed else ""
    outcome = decided.get(one.id, f"已处置：{silenced}" if silenced else "")
    return f"{text} → {outcome}" if outcome else text


def _conclusion(result: ScanResult) -> str:
    """Return the verdict with the numbers of all findings by level, and of those a person accepted."""
    counts = Counter[str](one.level for one in result.findings)
    numbers = [f"{LEVEL_LABELS[level]} {counts[level]} 处" for level in LEVELS]
    handled = accepted(result)
    numbers += [f"其中已处置 {handled} 处"] if handled else []
    words = ALL_HANDLED if handled and result.verdict == "clear" else VERDICT_LABELS[result.verdict]
    return f"{words}（{'，'.join(numbers)}）"


def _answers(result: ScanResult) -> Iterator[str]:
    """Yield one line with an answer to each question of the review, and a note if something was unread."""
    if not result.document.blocks:
        yield "未读到内容，无法审查"
        return
    answers = (f"{question}：{answer(result, categories)}" for question, categories in _QUESTIONS)
    yield "；".join(answers) + ("（有内容未读）" if result.unread else "")


def answer(result: ScanResult, categories: Collection[str]) -> str:
    """Return how many doubts, notes apart, there are in categories: 疑似 those that count, else 已处置, else 未见."""
    serious = [one for one in result.findings if one.category in categories and one.level != "note"]
    count = sum(one.suppressed is None for one in serious)
    return f"疑似 {count} 处" if count else f"已处置 {len(serious)} 处" if serious else "未见"


def _suggested(suggestion: Suggestion) -> str:
    label = ATTRIBUTE_LABELS[suggestion.attribute]
    share = f"{suggestion.probabilities[suggestion.attribute]:.0%}"
    text = f"无法判断，请人工确定（较像{label}，{share}）" if suggestion.abstained else f"{label}（{share}）"
    text += f"；{HANDLING_LABELS[suggestion.handling]}" if suggestion.handling != "whole" else ""
    if suggestion.declared:
        text += f"；文件自标{ATTRIBUTE_LABELS[suggestion.declared]}" + ("，不一致" if suggestion.conflict else "")
    return text


def _grounds(suggestion: Suggestion) -> Sequence[str]:
    """Return the reasons with their clauses, without duplicates."""
    grounds = (f"{one.text}{f'（{one.clause}）' if one.clause else ''}" for one in suggestion.reasons)
    return list(dict.fromkeys(map(printable, grounds)))[:_GROUNDS_AT_MOST] or [_NOTHING]


def _parts(result: ScanResult, contexts: Contexts) -> Iterator[str]:
    """Yield a line per type and clause with the places to remove."""
    suggestion = result.suggestion
    if suggestion is None or not suggestion.parts:
        return
    by_id = {one.id: one for one in result.findings}
    kinds: dict[tuple[str, str], list[str]] = {}
    for part in suggestion.parts:
        first = next((by_id[one] for one in part.finding_ids if one in by_id), None)
        if first:
            kinds.setdefault((finding_types()[first.type].label, part.clause), []).append(contexts.place(first))
    for (label, clause), places in list(kinds.items())[:_KINDS_AT_MOST]:
        distinct = list(dict.fromkeys(places))
        more = f" 等 {len(places)} 处" if len(distinct) > _PARTS_AT_MOST else f" 共 {len(places)} 处"
        yield f"{label}（{clause}）：{'、'.join(distinct[:_PARTS_AT_MOST])}{more}"
    if len(kinds) > _KINDS_AT_MOST:
        yield f"另有 {len(kinds) - _KINDS_AT_MOST} 类，见完整清单"


def _summary(result: ScanResult, contexts: Contexts) -> str:
    """Return the first hundred characters, masked; nothing if the document may contain secrets."""
    if any(one.category in SECRET_CATEGORIES and one.suppressed is None for one in result.findings):
        return "（含疑似涉密或内部内容，不摘录）"
    length = len(result.document.text)
    text = printable(" ".join(contexts.masked(0, min(length, _SUMMARY)).split()))
    return f"{text}…" if length > _SUMMARY else text


def _unread(result: ScanResult) -> Sequence[str]:
    """Return what was not read, without duplicates; beyond the first few only their number."""
    sentences = list(dict.fromkeys(f"{one.detail}（{one.code}）" for one in result.unread))
    more = [f"另有 {len(sentences) - _PARTS_AT_MOST} 种未读情况"] if len(sentences) > _PARTS_AT_MOST else []
    return [*sentences[:_PARTS_AT_MOST], *more]


def _carrier(result: ScanResult) -> str:
    if not result.document.blocks:
        return "（未读到内容）"
    return "公文类（依文号识别，请核对）" if result.doc_number else "非公文类（未见文号，请核对）"


def _members(result: ScanResult, options: Options) -> str:
    """Return the names of the members of a container, masked."""
    members = (block.location.member for block in result.document.blocks if block.location.member)
    names = [printable(shown_name(member, options, result)) for member in dict.fromkeys(members)]
    return (
        "\n".join(names[:_PARTS_AT_MOST] + ([f"等 {len(names)} 个"] if len(names) > _PARTS_AT_MOST else [])) or _NOTHING
    )


def attribute_boxes(decision: DocumentDecisions | None) -> str:
    """Return the three attributes with a box each; only a person's decision ticks one."""
    chosen = decision.attribute if decision else None
    return "    ".join(f"{'☑' if name == chosen else '□'} {ATTRIBUTE_LABELS[name]}" for name in ATTRIBUTES)
