"""The numbered details by which addresses are found (幸福路12号, 3幢2单元501室, 大塘村4组17号), and their anchors."""

from __future__ import annotations

import functools
import string
from typing import TYPE_CHECKING, Final

import numpy as np
import regex

from prescan.detect.address.parts import N
from prescan.text.view import code_points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_SIDES = "东南西北中前后上下"
_ESTATE = (
    r"[\p{Han}A-Za-z0-9]{2,12}?(?:小区|花园|花苑|公寓|新村|家园|佳苑|家属[院楼区]|宿舍|华府|[苑园城庭府邸湾居轩阁里])"
    r"(?:[东南西北]?[一二三四五六七八九0-9]{0,2}[区期园苑])?"
)
_BUILDING = rf"(?:[甲乙丙]?{N}|[A-Z][0-9]{{0,2}}|[甲乙丙丁])(?:号(?:宿舍|公寓)?楼|[幢栋座]|#楼?)"
_UNIT = rf"(?:(?:{N}|[A-Z甲乙丙丁{_SIDES}])单元|[0-9]{{1,2}}门)"
_FLOOR = rf"(?:(?:{N})[层楼]|[顶底]层)"
#: 5楼, 二楼东户: without a door.
_STOREY = rf"(?:(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})[层楼](?:[{_SIDES}左右]{{1,2}}[户侧边间]?)?)"
_SHOPS = r"(?:底商楼上|商住(?:公寓)?楼?|高层|洋房|附楼)?"
_DOOR = (
    rf"(?:[0-9]{{1,2}}[层楼])?(?:[0-9]{{1,5}}|[A-Z])(?:室|房(?!产)|户(?![籍口主型])|号(?!院|楼)(?:房(?!产))?|单元(?![0-9]))"
    rf"|[{_SIDES}]{{1,2}}[户屋室]"
)
_BARE_ROOM = r"(?:[0-9]{3,4}|[0-9]{1,2}[A-Z])(?![0-9A-Z年月日元万亿亩米人户个项件张])"
#: 3-2-301: the view has no dashes; those of the text are checked by the caller.
_DASHED = r"(?P<run>(?<![家这那哪]里)(?!0)[0-9A-Z]{2,9})(?![0-9*])[号室]?"
#: 5号402: the room directly behind the house number.
_TAIL = r"(?P<tail>[1-9][0-9]{2,3})(?![0-9年月日元万亿亩米人户个项件张号楼组次])"
_GATE = (
    rf"[甲乙丙]?{N}号(?!楼|线|文|令|公告|窗口|台|柜|修正|车|桌|厅|床)院?(?:之[一二三四五六七八九十0-9])?(?:[附增]{N}号)?"
    rf"(?:[{_SIDES}]{{1,2}}[屋户院]|[甲乙丙丁](?![方组级]))?"
)
_GROUP_BEHIND = r"(?<=村|社区|居委会|村委会|嘎查|牧委会|大队|分场|[镇乡道]\p{Han}{1,4}委)"
_GROUP = (
    rf"(?!民小组|\p{{Han}}{{0,2}}(?:互助|供销|合作|信用|农信)社)(?:{N}|\p{{Han}}{{1,3}}?)(?:村民小组|居民小组|小组|生产队|组(?![织长成建员合团])|[队社](?![伍长员区会保团])|屯)"
    r"(?!会议)"
)
_INSIDE = rf"(?:{_BUILDING}){{0,2}}(?:{_UNIT})?(?:{_FLOOR})?"
_ESTATE_END = (
    r"小区|国际|名都|水岸|公馆|半岛|[A-Z东南西北0-9]区|[公廉]租房|(?:安置|周转|保障)房"
    r"|家属[院楼区]|华府|宿舍|新村|公寓|[苑园城庭府邸湾居轩阁期寓]"
)


@functools.cache
def detail_pattern(*, dashes: bool) -> regex.Pattern[str]:
    """Return the pattern, for the squeeze view, of a detail from its first number on; compiled on first use."""
    dashed, tail = (_DASHED, _TAIL) if dashes else ("(?!)(?P<run>)", "(?!)(?P<tail>)")
    estate = rf"(?:{_GATE}(?:{_ESTATE})?)?"
    return regex.compile(
        rf"(?P<room>{estate}(?:{_BUILDING}){{1,2}}{_SHOPS}(?:{_UNIT})?(?:{_FLOOR})?(?:{_DOOR}|{_BARE_ROOM}|{dashed})|{estate}(?:{_BUILDING}){{1,2}}{_UNIT}{_STOREY})"
        rf"|(?P<unit>{estate}(?:{_BUILDING})?{_UNIT}(?:{_FLOOR})?(?:{_DOOR}|{_BARE_ROOM}))"
        rf"|(?P<dashed>(?:{_GATE}(?:{_ESTATE})?|(?<={_ESTATE_END}|社区|[路街道巷弄里村])){dashed})"
        rf"|(?P<plain>(?:{_GATE}{_ESTATE}|(?<={_ESTATE_END}))(?:[0-9]{{3}}室|[0-9]{{4,8}}(?:室|号|(?![0-9年元]))))"
        rf"|(?P<flat>{_GATE}(?:{_ESTATE})?(?:{_DOOR}|{tail}))"
        rf"|(?P<group>{_GROUP_BEHIND}{_GROUP}(?:{_GATE})?)"
        rf"|(?P<village>(?<=[村庄屯寨组社连]){_GATE})"
        rf"|(?P<hamlet>(?<=(?:村|社区|嘎查|屯)\p{{Han}}{{1,6}}){_GATE}(?:{_STOREY})?)"
        rf"|(?P<lane>(?<=[路街道巷里]){N}弄(?:{N}支弄)?(?:{_GATE})?(?:{_ESTATE})?{_INSIDE}(?:{_DOOR})?)"
        rf"|(?P<gate>(?<=[路街道巷弄里同段区头排]){_GATE}(?:(?:{_ESTATE})?{_INSIDE}(?:{_DOOR})|{_STOREY})?)"
        rf"|(?P<loose>(?<=\p{{Han}}){_GATE})"
    )


KINDS: Final = ("room", "unit", "dashed", "plain", "flat", "group", "village", "hamlet", "lane", "gate", "loose")
#: What a detail begins with; the whole pattern is tried only there.
_ANCHOR = regex.compile(
    rf"(?:[0-9]{{1,5}}|[一二三四五六七八九十百]{{1,4}}|[A-Z甲乙丙丁{_SIDES}]|[甲乙丙][0-9]{{1,4}})(?:号|[幢栋座弄#]|单元|门(?=[0-9]))"
    rf"|(?<=[村区会查队场委]){_GROUP_BEHIND}(?!民小组)(?:[0-9]{{1,2}}|\p{{Han}}{{1,3}}?)(?:[组社队屯]|小组|[村居]民小组|生产队)"
    r"|(?=[0-9A-Z])(?<=[路街道巷弄里村区院楼府舍苑园城庭邸湾居轩阁期寓房际都岸馆岛])[0-9A-Z]{2,9}"
)
#: The greatest length of an anchor and what is in front of it.
_ANCHOR_AT_MOST: Final = 12
_PLANE: Final = 0x10000
_ENDS, _NUMBERS, _LEADS, _FIGURES, _VILLAGES, _BANDS = 1, 2, 4, 8, 16, 32
_SIGNS: Final = ("号幢栋座弄单#门", "路街道巷弄里村区院楼府舍苑园城庭府邸湾居轩阁期寓房际都岸馆岛", "组社队屯")
#: What every anchor contains: an ending, something that leads to figures, a band.
_SIGN = regex.compile(f"[{''.join(_SIGNS)}]")
#: A group of a village ends at most this far behind it: 村 + three characters + 村民小组.
_BAND_AT_MOST: Final = 7


def anchors(text: str) -> Iterator[regex.Match[str]]:
    """Yield the matches of `_ANCHOR`, tried only near characters that one of its branches needs."""
    if not _SIGN.search(text):
        return
    kinds = _anchor_table().take(code_points(text), mode="clip")
    after, before = kinds[1:], kinds[:-1]
    ends = (after & _ENDS != 0) & (before & _NUMBERS != 0)
    begins = (before & _LEADS != 0) & (after & _FIGURES != 0)
    bands = (kinds & _BANDS).nonzero()[0]
    groups = np.zeros(len(before), np.bool_)
    for shift in range(1, _BAND_AT_MOST + 1):
        groups[bands[bands >= shift] - shift] = True
    groups &= before & _VILLAGES != 0
    low = high = 0
    for place in (ends | begins | groups).nonzero()[0].tolist():
        if place - _ANCHOR_AT_MOST > high:
            yield from _ANCHOR.finditer(text, low, high)
            low = place - _ANCHOR_AT_MOST
        high = min(place + _ANCHOR_AT_MOST, len(text))
    yield from _ANCHOR.finditer(text, max(low, 0), high)


@functools.cache
def _anchor_table() -> NDArray[np.uint8]:
    """Return which parts of an anchor each character may be: bits of _ENDS, _NUMBERS, _LEADS and so on."""
    table = np.zeros(_PLANE, np.uint8)
    for bit, chars in (
        (_ENDS, _SIGNS[0]),
        (_NUMBERS, f"0123456789一二三四五六七八九十百{string.ascii_uppercase}甲乙丙丁{_SIDES}"),
        (_LEADS, _SIGNS[1]),
        (_FIGURES, f"0123456789{string.ascii_uppercase}"),
        (_VILLAGES, "村区会查队场委"),
        (_BANDS, _SIGNS[2]),
    ):
        table[[ord(char) for char in chars]] |= bit
    return table
