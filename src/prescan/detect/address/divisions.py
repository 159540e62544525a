"""The names of provinces, cities and counties in a clause, and where the chain of them begins in an address."""

from __future__ import annotations

import bisect
import functools
from typing import TYPE_CHECKING, Final

import regex

from prescan.resources import data_rows
from prescan.text.keywords import Keywords

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROVINCE = regex.compile("(?:省|自治区)$")
_BETWEEN_DIVISIONS = regex.compile(r"(?:\p{Han}{1,6}[州盟市区县旗]|(?:(?![在与和住的到从至于])\p{Han}){0,3})")
_ROAD_AFTER = regex.compile(r"\p{Han}{0,2}[路街道巷弄]")
_DIVISION_AFTER = regex.compile(r"\p{Han}{1,5}?[市区县旗镇乡州盟]")
#: Directly behind these, 东区 and 西区 are parts of an estate or village.
_PART_OF: Final = frozenset("苑园城庭府邸湾居轩阁里寓坊村镇庄")
#: No county follows these: 红旗社区平房区3排.
_BELOW_A_COUNTY = regex.compile(r"(?r)社区|小区|[^城]关镇|[村路街巷屯]")
_SHORT: Final = 2
_COUNTIES: Final = "县市区"
_LEADS: Final = "住籍地址在于至到往回从由系嫁迁是为"
_ONE_MORE = regex.compile(rf"(?![{_LEADS}来去赴自离与和该本我原现居及到某名])\p{{Han}}")
#: Places in Hong Kong, Macau and Taiwan that begin an address; the table of divisions does not have them.
_BEYOND: Final = frozenset(
    (
        "台湾省 香港特别行政区 澳门特别行政区 香港 澳门 九龙 新界 台北市 新北市 桃园市 台中市 台南市"
        " 高雄市 基隆市 新竹市 嘉义市 新竹县 苗栗县 彰化县 南投县 云林县 屏东县 宜兰县 花莲县 澎湖县"
    ).split()
)


def division_names(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of all names of divisions in a text, sorted, of those with one start the longest first.

    For `named_divisions`: one search of a document is faster than one of each clause.
    """
    return sorted(((start, end) for _, start, end in _divisions().find(text)), key=lambda place: (place[0], -place[1]))


def named_divisions(text: str, names: Sequence[tuple[int, int]], low: int, high: int) -> list[tuple[int, int]]:
    """Return the divisions named in a clause, the longest where they overlap; in 北京路 and 长沙街 they name roads.

    `names`: what `division_names` gives for the text.
    """
    kept: list[tuple[int, int]] = []
    for at in range(bisect.bisect_left(names, (low,)), len(names)):
        start, end = names[at]
        if start >= high:
            break
        if end > high or (kept and start < kept[-1][1]):
            continue
        if end - start == 2 and text[start - 1 : start] in _PART_OF:  # noqa: PLR2004  云水苑西区 is no 西区
            continue
        if end - start <= 3 and _BELOW_A_COUNTY.match(text, 0, start):  # noqa: PLR2004
            continue
        whole = text[end - 1] in "省市区县旗州盟"
        if (whole or _DIVISION_AFTER.match(text, end)) and (whole or not _ROAD_AFTER.match(text, end)):
            kept.append((start, end))
    return kept


def chain(text: str, divisions: list[tuple[int, int]], low: int) -> int | None:
    """Return the start of the last chain of divisions: each follows the one before; a province begins a new one.

    A name of two characters behind one more at the beginning of the clause (`low`) is part of a longer name that the
    table lacks: 户口一：安丰县… is not in 丰县.
    """
    if not divisions:
        return None
    begin = divisions[-1][0]
    for (start, end), (following, stop) in zip(divisions[-2::-1], divisions[:0:-1], strict=True):
        if _PROVINCE.search(text[following:stop]) or not _BETWEEN_DIVISIONS.fullmatch(text, end, following):
            break
        begin = start
    shorter = text[begin + _SHORT - 1 : begin + _SHORT] in _COUNTIES and begin > low
    if shorter and _ONE_MORE.match(text, begin - 1) and (begin - 1 == low or text[begin - 2] in _LEADS):
        return begin - 1
    return begin


@functools.cache
def _divisions() -> Keywords:
    """Return the names of provinces, cities and counties, also short forms of provinces and cities (湖南, 长沙)."""
    names = {row[1] for row in data_rows("divisions.tsv")} | _BEYOND
    ending = regex.compile("(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$")
    short = {ending.sub("", name) for name in names}
    return Keywords(sorted(names | {name for name in short if len(name) >= 2}))  # noqa: PLR2004
