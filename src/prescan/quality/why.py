"""Explains why a rule does or does not apply to a document: `prescan rules why FILE ID`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prescan.detect import BY_KEYWORD, detect
from prescan.detect.column import cells_named
from prescan.detect.objection import objection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect import Clock, Compiled, Reading
    from prescan.rules import Rule


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a rule at one place: its span, or None for the whole document, and a Chinese sentence."""

    start: int | None
    end: int | None
    sentence: str


def why(rule: Rule, reading: Reading, compiled: Compiled, stage: str, clock: Clock | None = None) -> list[Answer]:
    """Return the outcome of a rule for each place it checked; at least one answer."""
    if rule.kind in BY_KEYWORD:
        return list(_by_keyword(rule, reading, compiled, stage)) or [Answer(None, None, _missing(rule))]
    found = [item for item in detect(reading, compiled, stage, clock) if item.rule_id == rule.id]
    answers = [Answer(item.start, item.end, f"命中：{'；'.join(item.evidence) or '符合规则'}") for item in found]
    missing = "文中没有符合这条规则的内容，或缺少所需的称呼、校验不符"
    if rule.kind == "column":
        missing = _no_column(rule, reading, compiled)
    if rule.kind == "tied":
        answers += list(_not_tied(rule, reading, compiled, answers))
    return answers or [Answer(None, None, f"没有命中：{missing}")]


def _not_tied(rule: Rule, reading: Reading, compiled: Compiled, found: list[Answer]) -> Iterator[Answer]:
    """Yield the places with words of a tied rule outside `found`; of words inside each other only the longest."""
    view = reading.view(rule.view)
    hits = compiled.hits(rule.view, view).get(rule.id, [])
    covered = [(answer.start, answer.end) for answer in found if answer.start is not None and answer.end is not None]
    for hit in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        start, end = view.span(*hit)
        if not any(low < end and start < high for low, high in covered):
            covered.append((start, end))
            yield Answer(start, end, "没有命中：有关键词，但近处没有认出某个人，这句话像是泛泛而谈，或者属于例外")


def _no_column(rule: Rule, reading: Reading, compiled: Compiled) -> str:
    """Return why a column rule reported no cell."""
    shown = [cell.text.strip() for cell in cells_named(rule, reading)]
    pattern, named = compiled.pattern(rule.id), "、".join(rule.cues)
    if not shown:
        return f"表里没有这样的列名（{named}），或者列下都是空格子"
    if not any(map(pattern.fullmatch, shown)):
        if any(map(pattern.search, shown)):
            return "格子要整格符合模式；只符合一部分的，请在模式前后加上 .*"
        return f"格子要整格符合模式，“{named}”列里没有这样的格子"
    return "同一行没有认出个人信息，或者属于例外"


def _by_keyword(rule: Rule, reading: Reading, compiled: Compiled, stage: str) -> Iterator[Answer]:
    view = reading.view(rule.view)
    hits = compiled.hits(rule.view, view).get(rule.id, [])
    spans = list(BY_KEYWORD[rule.kind](rule, reading, compiled, hits)) if hits else []
    for span in dict.fromkeys(spans):
        stopped = objection(rule, reading, *span, stage)
        yield Answer(*span, f"没有命中：{stopped}" if stopped else f"命中：{rule.reason or rule.name}")
    if hits and not spans:
        missing = "附近没有所需的词" if rule.kind in {"near", "together"} else "前后文字不符合规则的模式"
        for start, end in hits:
            yield Answer(*view.span(start, end), f"没有命中：有关键词，但{missing}")


def _missing(rule: Rule) -> str:
    words = rule.keywords or rule.words or tuple(word for group in rule.groups for word in group)
    return f"没有命中：文中没有关键词（{'、'.join(words[:8])}{' 等' if len(words) > 8 else ''}）"  # noqa: PLR2004
