"""Places written from a division down to what is smaller: county, town, village, hamlet; street, estate, house.

石门乡大垭村对门坡, 兰家镇东兴路农机站宿舍平房第二趟: such a place is read forward, part by part (`address/parts.py`),
beginning with the name of a county or town. Whether it is a home is decided in `address/weigh.py`.
"""

from __future__ import annotations

import functools
import string
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import regex

from prescan.detect.address.divisions import chain, division_names, named_divisions
from prescan.detect.address.joints import in_line, is_gap, is_new_line
from prescan.detect.address.parts import BELOW_A_VILLAGE, STOP, read_parts, rest
from prescan.text.view import code_points

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from prescan.detect.reading import Reading

_PLANE: Final = 0x10000
_UPPER: Final = "镇乡县区市旗道木州盟"
_LOWER: Final = "村镇乡区路街巷弄里屯查场会社组队庄道苑园城号院寨木同"
#: Characters that no place contains.
_MARKS: Final = string.whitespace + string.ascii_lowercase + ",.:;()|，。、；：？！“”（）《》…—\u3000\u2029"
#: These end a division only with one character in front of them: 街道, 苏木.
_WHOLE: Final = {"道": "街", "木": "苏"}
_NEAR: Final = 12
_REACH: Final = 48
_NUMBER = regex.compile(r"(?r)[0-9]{5}")
_LAST_MARK = regex.compile(r"(?r)[^\p{Han}0-9A-Z]")
_LEAD = regex.compile(
    r"(?:家住|现住|居住在|住在|住址|住所地?|户籍(?:所在地|地址?)?|所在地|(?:经营|注册|办公|单位)地|地址|位于|坐落于?|家在|搬[到去回至]|迁[到去往至]|回到|回了|回|嫁到|嫁给|投靠|租住|租了?|暂住|独居|居住地址?|[我本]乡(?=\p{Han}{2,6}村|\p{Han}{2})|寄[到往给]|送[到往回至]|原籍|老家|落户|住|去了?|到|在|于|系|为|是|从|由|至|往|把|的|了|守着|来自|那间|安在|接到|调到|奔|赴|经|过|自)"
)
#: The name of a town or county in no table has at most this many characters.
_NAME_AT_MOST: Final = 4
#: Words that end like the name of a division: 城乡, 辖区, 集市.
_NO_NAME = regex.compile(
    r"(?:[城下返家老同他外离还故异全我本该各两此每]|农村)[乡镇县市区]$|[市城集村乡]镇$|(?:[城超都上门股夜早楼菜闹]|集)市$"
    r"|(?:[辖地园社小校景库山片牧林矿灾疫新郊农旧厂院营战特湖滩城街]|保护|功能|示范|开发|高新|规划|自治|行政)区$"
)


class Deep(NamedTuple):
    """A place in the squeeze view."""

    start: int
    end: int
    parts: tuple[str, ...]
    """The kinds of its parts, from the first division on."""
    limit: int
    """The end of its clause."""
    named: bool
    """It begins with a division of the table."""


def deep_places(reading: Reading) -> Iterator[Deep]:
    """Yield the places of a document that continue below a town or county, in order and without overlaps."""
    view = reading.squeeze
    last, found = 0, _anchors(view.text)
    names = division_names(view.text) if found else []
    for anchor in found:
        if anchor < last:
            continue
        begin, known = _begin(reading, names, anchor, last)
        if begin >= anchor or (not known and _NO_NAME.search(view.text, begin, anchor + 1)):
            continue
        limit = _limit(reading, anchor)
        known_parts = ("division",) if known else ()
        parts, end = read_parts(view.text, known or begin, limit, view.inner_joints(begin, limit), known_parts)
        if parts[-1:] == ("village",) and (whole := rest(view.text, end, in_line(reading, end, limit))) > end:
            parts, end = (*parts, "rest"), whole
        if end > anchor + 1 and not BELOW_A_VILLAGE.isdisjoint(parts):
            last = end
            yield Deep(begin, end, parts, limit, named=bool(known))


def _anchors(text: str) -> list[int]:
    """Return the offsets at which a division or town may end, with a name in front and part of a place close behind."""
    kinds = _table().take(code_points(text), mode="clip")
    inside = (kinds & 4) == 0
    upper = (inside[:-2] & (kinds[1:-1] & 1 != 0) & inside[2:]).nonzero()[0] + 1
    lower = (kinds & 2).nonzero()[0]
    if not len(upper) or not len(lower):
        return []
    following = np.searchsorted(lower, upper + 1, side="right")
    held = following < len(lower)
    near = np.zeros(len(upper), np.bool_)
    near[held] = lower[following[held]] - upper[held] <= _NEAR
    found: list[int] = upper[near].tolist()
    return [place for place in found if _WHOLE.get(text[place]) in {None, text[place - 1]}]


@functools.cache
def _table() -> NDArray[np.uint8]:
    table = np.zeros(_PLANE, np.uint8)
    for bit, chars in ((1, _UPPER), (2, _LOWER), (4, _MARKS)):
        table[[ord(char) for char in chars]] |= bit
    return table


def _begin(reading: Reading, names: Sequence[tuple[int, int]], anchor: int, last: int) -> tuple[int, int]:
    """Return the start of the place whose first division ends at `anchor`, and the end of what the table has of it.

    `names`: see `division_names`.
    """
    view = reading.squeeze
    low = max(0, anchor - _REACH // 2, last)
    stop = _LAST_MARK.search(view.text, low, anchor)
    low = stop.end() if stop else low
    number = _NUMBER.search(view.text, low, anchor)
    low = number.end() if number else low
    gaps = [joint for joint in view.inner_joints(low, anchor) if is_gap(reading, joint) or is_new_line(reading, joint)]
    low = gaps[-1] if gaps else low
    divisions = [pair for pair in named_divisions(view.text, names, low, anchor + 1) if pair[1] <= anchor + 1]
    first = chain(view.text, divisions, low)
    if first is not None and divisions and anchor + 1 - divisions[-1][1] <= _NEAR:
        return first, divisions[-1][1]
    leads = [match.end() for match in _LEAD.finditer(view.text, low, anchor)]
    low = max([low, *leads[-1:]])
    return (low if anchor - low <= _NAME_AT_MOST else anchor - 2 - (view.text[anchor] == "道")), 0


def _limit(reading: Reading, anchor: int) -> int:
    """Return the latest end of a place: that of its clause, line or cell, or a gap of more than one space."""
    view = reading.squeeze
    paragraph = reading.paragraph(view.span(anchor, anchor + 1)[0])
    limit = min(len(view.text), anchor + _REACH, view.position(paragraph.end))
    stop = STOP.search(view.text, anchor, limit)
    limit = stop.start() if stop else limit
    return next((j for j in view.inner_joints(anchor, limit) if is_gap(reading, j) or is_new_line(reading, j)), limit)
