"""Marks of state secrecy and of internal use in every layout, made from tables: what is written, how, and where.

GB/T 9704-2012 puts 密级和保密期限 top left below 份号, 紧急程度 below it; offices put them anywhere. Not a test file.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prescan.formats.text import lines
from prescan.types import Block, Document, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LEVELS: Final = ("绝密", "机密", "秘密")
STARS: Final = ("★", "*", "☆", "□", "·", "◆")
TERMS: Final = ("10年", "6个月", "长期", "启用前", "公布前", "")
INTERNAL: Final = tuple(
    "内部资料_注意保存 内部资料，注意保存 内部文件_不得外传 内部资料_严禁外传 内部材料_请勿外传 内部刊物_注意保存 "
    "工作秘密 工作秘密_妥善保管 工作秘密★2年 内部★3年 仅供领导参阅 仅供领导参考 仅限内部使用 供内部参阅 内部使用 "
    "内部参考 内部资料 内部掌握 内部文件 内部传阅 会后收回 不得翻印".replace("_", "\u3000").split(" ")
)

_TALL: Final = str.maketrans("绝机长启个", "絕機長啟個")
_WIDE: Final = {ord(char): ord(char) + 0xFEE0 for char in "0123456789*()[]:"}
_PAIRS: Final = ("【】", "〔〕", "()", "（）", "〈〉", "‹›", "[]", "「」")


def _inner(between: str) -> Callable[[str], str]:
    return between.join


#: How a mark is written.
WRITINGS: Final[dict[str, Callable[[str], str]]] = {
    "plain": str,
    "spaced": _inner(" "),
    "spaced wide": _inner("\u3000"),
    "full width": lambda mark: mark.translate(_WIDE),
    "traditional": lambda mark: mark.translate(_TALL),
    "traditional spaced": lambda mark: " ".join(mark.translate(_TALL)),
    "zero width": _inner("\u200b"),
    "dot inside": lambda mark: mark[0] + "·" + mark[1:],
    "dash inside": lambda mark: mark[0] + "-" + mark[1:],
    "line after level": lambda mark: mark[:2] + "\n" + mark[2:],
    "line after star": lambda mark: mark[:3] + "\n" + mark[3:],
    "upright": _inner("\n"),
    "級": lambda mark: mark[:2] + "级" + mark[2:],
    **{f"in {pair}": (lambda mark, pair=pair: pair[0] + mark + pair[1]) for pair in _PAIRS},
    **{f"level in {pair}": (lambda mark, pair=pair: pair[0] + mark[:2] + pair[1] + mark[2:]) for pair in _PAIRS[:4]},
}
#: How a mark is written where its own field names it: with a term and without.
FIELDS: Final = {
    "field": ("密级：{level}{star}{term}", "密级：{level}"),
    "field spaced": ("密 级 ： {level} {star} {term}", "密 级 ： {level}"),
    "two fields": ("密级：{level}\u3000\u3000保密期限：{term}", "密级：{level}"),
    "two fields on two lines": ("密级：{level}\n保密期限：{term}", "密级：{level}"),
    "cells": ("密级\t{level}\t保密期限\t{term}", "密级\t{level}"),
    "brackets": ("密级（{level}）{star}{term}", "密级（{level}）"),
}
#: What text recognition makes of a star, and of nothing.
MISREAD: Final = ("", *"大女太k#×※食木,.—文六卞±°✦●■?")
#: What stands on a page, by the letters of PLACES.
_LINES: Final = {
    "R": "某某市应急指挥部文件",
    "N": "某应发〔2026〕3号",
    "T": "关于重要设施防护工作的通知",
    "B": "各成员单位：\n现将任务分工印发你们，请按照分工抓好落实，有关情况及时报告。",
    "M": "二、时间安排\n各组自五月起集中办理，月底以前报送进展。",
    "E": "某某市应急指挥部\n2026年3月1日",
    "A": "附件1",
    "L": "任务分工表\n序号\t单位\t任务\n1\t甲局\t巡查",
    "C": "事项\t密级\t份数\n库点分布\t@\t3\n值守安排\t无\t2",
    "O": "某某市应急指挥部办公室\u3000\u3000@",
    "_": "\u3000\u3000\u3000\u3000",
}
#: Where a mark (@) stands; a blank between letters ends a line.
PLACES: Final = {
    "first line": "@ R N T B M E",
    "alone before the title": "@ T B M E",
    "left of the copy number": "@_000123 特急 R N T B E",
    "right of the copy number": "000123_@ 特急 R N T B E",
    "below the copy number": "000123 @ 特急 R N T B E",
    "behind the urgency": "特急_@ R N T B E",
    "before the urgency": "@_加急 R N T B E",
    "line before 文号": "R @ N T B E",
    "before 文号": "R @_N T B E",
    "behind 文号": "R N_@ T B E",
    "right of the organ": "O N T B E",
    "cell": "@\t特急 R N T B E",
    "below the title": "R N T @ B M E",
    "in the middle": "R N T B @ M E",
    "before an annex": "R N T B E A @ L",
    "last line": "R N T B M E @",
    "page line": "R N T B @_第2页 M E",
    "watermark": "R @_@_@ N T B @_@_@ M E",
    "cell in a table": "T C E",
}
#: Parts beside the body.
PARTS: Final = ("header", "footer", "textbox")
_HEAD: Final = {*list(PLACES)[:12], *PARTS}
_MANY_LINES: Final = {"line after level", "line after star", "upright", "two fields on two lines"}
_OWN_LINE: Final = {
    "first line",
    "alone before the title",
    "below the copy number",
    "line before 文号",
    "below the title",
}


@dataclass(frozen=True)
class Layout:
    """One page with one mark."""

    name: str
    mark: str
    document: Document
    block: bool
    """Whether it must be blocked; otherwise a finding at review is enough."""


def excluded(writing: str, place: str, star: str, term: str) -> str:
    """Return why a cell of the matrix is left out, or nothing."""
    reasons = {
        "a mark of several lines shares none of them": writing in _MANY_LINES and place not in _OWN_LINE,
        "without a term a level is written with ★ or alone": not term and star not in {"", STARS[0]},
        "nothing stands behind the star": not term and writing == "line after star",
        "only inside one line □ is taken for a star": star == "□" and writing in _MANY_LINES,
        "a cell under 密级 does not name its field again": place == "cell in a table" and writing in FIELDS,
        "a row of cells is a line of its own": writing == "cells" and place not in {*_OWN_LINE, *PARTS},
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def marks() -> Iterator[tuple[str, str, str, str]]:
    """Yield (level, star, term, mark)."""
    for level, star, term in itertools.product(LEVELS, STARS, TERMS):
        yield level, star, term, level + star + term
    for level in LEVELS:
        yield level, "", "", level


def layouts() -> Iterator[Layout]:
    """Yield every cell of the matrix of marks that is not excluded."""
    written = [*WRITINGS, *FIELDS]
    for (level, star, term, mark), writing, place in itertools.product(marks(), written, (*PLACES, *PARTS)):
        if excluded(writing, place, star, term):
            continue
        if writing in WRITINGS:
            shown = WRITINGS[writing](mark)
        else:
            shown = FIELDS[writing][not term].format(level=level, star=star, term=term)
        yield Layout(f"{mark} / {writing} / {place}", shown, _page(place, shown), place in _HEAD)


def misread() -> Iterator[Layout]:
    """Yield marks of a scan whose star came out as something else, in the head."""
    for level, sign, term, place in itertools.product(
        LEVELS, MISREAD, ("10年", "6个月", "长期", "１０年", "l0年"), ("first line", "right of the copy number")
    ):
        mark = level + sign + term
        yield Layout(f"{mark} / misread / {place}", mark, _page(place, mark), block=False)


def internal() -> Iterator[Layout]:
    """Yield internal marks in the same layouts."""
    writings = ("plain", "spaced", "full width", "zero width", *(f"in {pair}" for pair in _PAIRS))
    for mark, writing, place in itertools.product(INTERNAL, writings, (*PLACES, *PARTS)):
        if place in {"watermark", "page line", "cell in a table"}:
            continue
        shown = WRITINGS[writing](mark)
        yield Layout(f"{mark} / {writing} / {place}", shown, _page(place, shown), block=False)


def _page(place: str, mark: str) -> Document:
    if place in PLACES:
        return Document.of("", "text/plain", None, lines(_drawn(PLACES[place]).replace("@", mark)))
    body = [Block(line) for line in _drawn("R N T B M E").split("\n")]
    return Document.of("", "application/pdf", None, [*body, Block(mark, Location(part=place))])


def _drawn(plan: str) -> str:
    return "".join(_LINES.get(char, "\n" if char == " " else char) for char in plan)
