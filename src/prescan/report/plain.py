"""The report for the terminal: per file the findings with place, reason, clause and advice; a summary at the end."""

from __future__ import annotations

from collections import Counter
from typing import IO, TYPE_CHECKING, Final

from prescan.report.columns import cell_len
from prescan.report.rows import VALUES_SHOWN
from prescan.report.shown import Contexts, printable, shown_name, urgency, verdict_words, versions_of
from prescan.resources import finding_types
from prescan.types import (
    ATTRIBUTE_LABELS,
    CONFIDENCE_LABELS,
    HANDLING_LABELS,
    LEVEL_LABELS,
    LEVELS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.report import Options
    from prescan.types import Finding, ScanResult, Suggestion

#: At most so many findings of a file are listed, at least one of each rule; the others are only counted.
_LISTED: Final = 60
#: Of more files than this, those with nothing to look at are only counted.
_FILES_LISTED: Final = 10
_EVIDENCE_AT_MOST: Final = 3
_DEFAULT_WIDTH: Final = 100
_NARROWEST: Final = 20
#: Indent of a text that is put on the line below its heading, because the heading leaves too little room.
_BELOW: Final = "        "
_PLACE_AT_MOST: Final = 24
_CLOSING: Final = "，。；：、）”》】！？,.;:)"
#: SGR codes (ECMA-48). Colour is never the only sign.
_LEVEL_COLORS: Final = {"block": "1;31", "review": "33", "note": "36"}
_VERDICT_COLORS: Final = {"blocked": "1;31", "unread": "1;35", "review": "33", "clear": "32"}


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write the report as UTF-8; `options.width` columns, colours only if `options.color`."""
    lines = [VALUES_SHOWN] if options.show_values else []
    many = len(results) > _FILES_LISTED
    for result in sorted(results, key=urgency) if many else results:
        if not many or not _is_quiet(result):
            lines += [*_one(result, options), ""]
    if many and (quiet := [result for result in results if _is_quiet(result)]):
        lines += [*_wrapped(_counted(quiet), options, ""), ""]
    stream.write(("\n".join([*lines, *_summary_lines(results, options)]) + "\n").encode("utf-8", "replace"))


def _is_quiet(result: ScanResult) -> bool:
    """Return whether a result has no finding and nothing unread, and does not suggest to withhold the document."""
    suggestion = result.suggestion
    withheld = suggestion is not None and suggestion.attribute == "withheld" and not suggestion.abstained
    return result.complete and not result.findings and not withheld


def _counted(quiet: Sequence[ScanResult]) -> str:
    """Return the sentence about the files that are not listed: how many, and what was suggested for them."""
    suggestions = [result.suggestion for result in quiet if result.suggestion]
    counts = Counter("无法判断" if one.abstained else f"建议{ATTRIBUTE_LABELS[one.attribute]}" for one in suggestions)
    shares = "，".join(f"{label} {count}" for label, count in counts.most_common())
    return f"另 {len(quiet)} 份无疑点，公开属性待人工确定{f'（{shares}）' if shares else ''}。"


def _one(result: ScanResult, options: Options) -> Iterator[str]:
    name = printable(shown_name(result.document.name, options, result)) or "（文本）"
    verdict = verdict_words([result])
    *above, last = _wrapped(f"{name}  {verdict}", options, "")
    if not last.endswith(verdict):  # the name fills the line
        above, last = [*_wrapped(name, options, "")], f"  {verdict}"
    yield from above
    yield last.removesuffix(verdict) + _painted(verdict, _VERDICT_COLORS[result.verdict], options)
    for unread in result.unread:
        yield from _wrapped(f"{unread.detail}（{unread.code}）", options, "  未读  ")
    contexts = Contexts(result, options)
    yield from _findings(_listed(result.findings), contexts, options)
    if len(result.findings) > _LISTED:
        left = len(result.findings) - _LISTED
        yield from _wrapped(f"另有 {left} 处未列出，全部疑点请看 html 或 xlsx 报告：加 -o 报告.html", options, "  ")
    yield from _explanations(result.findings, options)
    if result.suggestion:
        yield from _suggestion(result.suggestion, contexts, options)


def _listed(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return the findings to list, in their order: the first of each rule, then the first of all."""
    if len(findings) <= _LISTED:
        return findings
    first = {one.rule_id: at for at, one in reversed([*enumerate(findings)])}
    chosen = list(dict.fromkeys((*first.values(), *range(len(findings)))))[:_LISTED]
    return [findings[at] for at in sorted(chosen)]


def _findings(findings: Sequence[Finding], contexts: Contexts, options: Options) -> Iterator[str]:
    """Yield a line per finding: level, place, type, context."""
    places = [contexts.place_within(finding.location) for finding in findings]
    labels = [finding_types()[finding.type].label for finding in findings]
    place_width = min(_PLACE_AT_MOST, max(map(cell_len, places), default=0))
    label_width = max(map(cell_len, labels), default=0)
    for finding, place, label in zip(findings, places, labels, strict=True):
        level = LEVEL_LABELS[finding.level]
        head = f"  {level}  {_padded(place, place_width)}  {_padded(label, label_width)}  "
        text = contexts.around(finding)
        text = f"“{text}”" if text else "；".join(finding.evidence)
        text += f"（{CONFIDENCE_LABELS['check']}）" if finding.confidence == "check" else ""
        text += f"（已处置：{finding.suppressed.reason}）" if finding.suppressed else ""
        first, *rest = _wrapped(text, options, head)
        yield first.replace(level, _painted(level, _LEVEL_COLORS[finding.level], options), 1)
        yield from rest


def _explanations(findings: Sequence[Finding], options: Options) -> Iterator[str]:
    """Yield, once per rule, why it applies, by which clause, and what to do."""
    for rule_id in dict.fromkeys(finding.rule_id for finding in findings):
        of_rule = [finding for finding in findings if finding.rule_id == rule_id]
        first = of_rule[0]
        evidence = list(dict.fromkeys(sentence for finding in of_rule for sentence in finding.evidence))
        text = f"{finding_types()[first.type].label} {len(of_rule)} 处。"
        text += f"因为：{'；'.join(evidence[:_EVIDENCE_AT_MOST])}。" if evidence else ""
        text += f"依据：{'、'.join(first.basis)}。" if first.basis else ""
        yield from _wrapped(f"{text}怎么办：{first.advice}。", options, f"  {rule_id} ")


def _suggestion(suggestion: Suggestion, contexts: Contexts, options: Options) -> Iterator[str]:
    share = f"{suggestion.probabilities[suggestion.attribute]:.0%}"
    label = ATTRIBUTE_LABELS[suggestion.attribute]
    text = f"无法判断，请人工确定（较像{label}，{share}）" if suggestion.abstained else f"建议{label}（{share}）"
    text += f"，{HANDLING_LABELS[suggestion.handling]}" if suggestion.handling != "whole" else ""
    text += f"（{len(suggestion.parts)} 处待删除）" if suggestion.parts else ""
    text += f"；文件自标{ATTRIBUTE_LABELS[suggestion.declared]}" if suggestion.declared else ""
    yield from _wrapped(text + ("，与建议不一致" if suggestion.conflict else ""), options, "  公开属性：")
    for reason in suggestion.reasons:
        quoted = "" if reason.start is None or reason.end is None else contexts.quoted(reason.start, reason.end)
        text = f"{reason.text}：“{quoted}”" if quoted else reason.text
        yield from _wrapped(text + (f"（{reason.clause}）" if reason.clause else ""), options, "    · ")


def summary(results: Sequence[ScanResult]) -> str:
    """Return one sentence: numbers of files, of findings by level and of unread files, and the worst verdict."""
    counts = Counter(f.level for result in results for f in result.findings if f.suppressed is None)
    level_counts = "，".join(f"{LEVEL_LABELS[level]} {counts[level]}" for level in LEVELS)
    unread = sum(not result.complete for result in results)
    return f"{len(results)} 个文件：{level_counts}；未读 {unread}。结论：{verdict_words(results)}。"


def _summary_lines(results: Sequence[ScanResult], options: Options) -> list[str]:
    text = summary(results)
    versions = versions_of(results[0]) if results else ""
    return [*_wrapped(f"{text}机器只提示疑点，是否公开由人决定。", options, ""), *_wrapped(versions, options, "")]


def _wrapped(text: str, options: Options, head: str) -> Iterator[str]:
    """Yield the lines of `head` followed by `text`, wrapped at the width; no line begins with a closing mark."""
    width = options.width or _DEFAULT_WIDTH
    if width - cell_len(head) < _NARROWEST < width - cell_len(_BELOW):
        yield head.rstrip()
        head = _BELOW
    indent = cell_len(head)
    for number, line in enumerate(_lines(printable(text), max(_NARROWEST, width - indent))):
        yield f"{' ' * indent if number else head}{line}"


def _lines(text: str, width: int) -> Iterator[str]:
    line, used = "", 0
    for char in text:
        size = cell_len(char)
        if used + size > width:
            keep = max(0, len(line.rstrip(_CLOSING)) - 1) if char in _CLOSING else len(line)
            keep = keep or len(line)  # nothing but closing marks
            yield line[:keep].rstrip()
            line = line[keep:]
            used = cell_len(line)
        if line or char != " ":
            line += char
            used += size
    yield line


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_len(text))


def _painted(text: str, color: str, options: Options) -> str:
    return f"\x1b[{color}m{text}\x1b[0m" if options.color else text
