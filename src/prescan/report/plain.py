"""The report for the terminal: per file what was found, where, why, by which clause, what to do; last the sum."""

from __future__ import annotations

import io
from collections import Counter
from typing import IO, TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from prescan.report.shown import Contexts, place_words, printable, shown_name
from prescan.resources import finding_types
from prescan.types import (
    ATTRIBUTE_LABELS,
    CONFIDENCE_LABELS,
    HANDLING_LABELS,
    LEVEL_LABELS,
    LEVELS,
    VERDICT_LABELS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.report import Options
    from prescan.types import Finding, ScanResult, Suggestion

#: More findings of one file than this are counted, not listed: nobody reads on.
_LISTED: Final = 60
_EVIDENCE_AT_MOST: Final = 3
_STYLES: Final = {"block": "bold red", "review": "yellow", "note": "cyan", "unread": "bold magenta"}
_VERDICT_STYLES: Final = {"blocked": "bold red", "unread": "bold magenta", "review": "yellow", "clear": "green"}
_DEFAULT_WIDTH: Final = 100


def write(results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
    """Write the report as UTF-8; `options.width` columns, colours only if `options.color`."""
    text = io.StringIO()
    console = Console(
        file=text,
        width=options.width or _DEFAULT_WIDTH,
        force_terminal=options.color,
        color_system="standard" if options.color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    if options.show_values:
        console.print("注意：本报告按要求显示了明文，请按内部资料保管。", style="bold")
    for result in results:
        _one(result, console, options)
    _sum(results, console)
    stream.write(text.getvalue().encode("utf-8", "replace"))


def _one(result: ScanResult, console: Console, options: Options) -> None:
    name = shown_name(result.document.name, options) or "（文本）"
    verdict = Text(VERDICT_LABELS[result.verdict], style=_VERDICT_STYLES[result.verdict])
    console.print(Text.assemble((printable(name), "bold"), "  ", verdict))
    for unread in result.unread:
        console.print(_indented(Text.assemble(("未读", _STYLES["unread"]), f"  {unread.detail}（{unread.code}）")))
    if result.findings:
        console.print(_indented(_table(result, options)))
        _explain(result.findings, console)
    if result.suggestion:
        _suggest(result.suggestion, result, console, options)
    console.print()


def _table(result: ScanResult, options: Options) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    places = [place_words(finding.location) for finding in result.findings[:_LISTED]]
    table.add_column(width=4, no_wrap=True)
    table.add_column(width=min(22, max(map(cell_len, places))), overflow="fold")
    table.add_column(min_width=8, max_width=16, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    contexts = Contexts(result, options)
    for finding, place in zip(result.findings, places, strict=False):
        level = Text(LEVEL_LABELS[finding.level], style=_STYLES[finding.level])
        shown = contexts.around(finding)
        shown = f"“{shown}”" if shown else "；".join(finding.evidence)
        doubt = f"（{CONFIDENCE_LABELS['check']}）" if finding.confidence == "check" else ""
        silenced = f"（已处置：{finding.suppressed.reason}）" if finding.suppressed else ""
        table.add_row(level, place, finding_types()[finding.type].label, Text(f"{shown}{doubt}{silenced}"))
    return table


def _explain(findings: Sequence[Finding], console: Console) -> None:
    """Say once a rule why it spoke, by which clause, and what to do."""
    if len(findings) > _LISTED:
        console.print(_indented(Text(f"另有 {len(findings) - _LISTED} 处未列出，完整结果请用 --format json")))
    counts = Counter(finding.rule_id for finding in findings)
    for rule_id, count in counts.items():
        of_rule = [finding for finding in findings if finding.rule_id == rule_id]
        first = of_rule[0]
        evidence = list(dict.fromkeys(said for finding in of_rule for said in finding.evidence))
        line = Text.assemble((f"{rule_id} ", "dim"), f"{finding_types()[first.type].label} {count} 处")
        line.append(f"。因为：{'；'.join(evidence[:_EVIDENCE_AT_MOST])}" if evidence else "")
        line.append(f"。依据：{'、'.join(first.basis)}" if first.basis else "")
        line.append(f"。怎么办：{first.advice}")
        console.print(_indented(line))


def _suggest(suggestion: Suggestion, result: ScanResult, console: Console, options: Options) -> None:
    share = f"{suggestion.probabilities[suggestion.attribute]:.0%}"
    label = ATTRIBUTE_LABELS[suggestion.attribute]
    head = Text("公开属性：", style="bold")
    head.append(f"无法判断，请人工确定（较像{label}，{share}）" if suggestion.abstained else f"建议{label}（{share}）")
    if suggestion.handling != "whole":
        head.append(f"，{HANDLING_LABELS[suggestion.handling]}")
        head.append(f"（{len(suggestion.parts)} 处待删除）" if suggestion.parts else "")
    if suggestion.declared:
        head.append(f"；文件自标{ATTRIBUTE_LABELS[suggestion.declared]}")
        head.append("，不一致" if suggestion.conflict else "")
    console.print(_indented(head))
    contexts = Contexts(result, options)
    for reason in suggestion.reasons:
        line = f"· {reason.text}"
        if reason.start is not None and reason.end is not None:
            line += f"：“{printable(contexts.masked(reason.start, min(reason.end, reason.start + 30)))}”"
        console.print(_indented(Text(line + (f"（{reason.clause}）" if reason.clause else "")), 4))


def _sum(results: Sequence[ScanResult], console: Console) -> None:
    counts = Counter(f.level for result in results for f in result.findings if f.suppressed is None)
    found = "，".join(f"{LEVEL_LABELS[level]} {counts[level]}" for level in LEVELS)
    worst = next((v for v in VERDICT_LABELS if any(result.verdict == v for result in results)), "clear")
    unread = sum(not result.complete for result in results)
    console.print(f"{len(results)} 个文件：{found}；未读 {unread}。结论：{VERDICT_LABELS[worst]}。机器只提示疑点，是否公开由人决定。")


def _indented(what: Text | Table, columns: int = 2) -> Padding:
    return Padding(what, (0, 0, 0, columns))
