"""Addresses that only a label or a column shows, as they lack the numbers or names by which addresses are found.

农贸市场12号楼上, 石桥村七组2-16 and 上湾组 are nothing in running text, but after 住址： or under 家庭住址 they tell
where somebody lives. Also finds the full end of an address behind its first detail.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.address.joints import in_line
from prescan.detect.address.office import OFFICE_INSIDE
from prescan.detect.address.parts import BELOW_A_VILLAGE, N, read_parts
from prescan.detect.person_shape import person
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.reading import Reading

_NO_AMOUNT = r"(?![0-9A-Z年月日元万亿亩米人户个项件张岁次])"
#: What continues behind a detail.
_MORE = regex.compile(
    rf"(?:[东西南北左右](?:手|边)?(?=$|[^\p{{Han}}0-9A-Z]|的)|地下室|(?<=公寓|大厦|地下室)[A-Z][0-9]{{2,4}}"
    rf"|(?<=[0-9]号)房(?=$|[^\p{{Han}}])"
    rf"|[附增]{N}号|之[0-9]{{1,2}}|旁门|后院|前院|偏房|楼[上下](?!住户)|隔壁|[东西南北中左右前后]{{1,2}}[户屋院侧间](?!\p{{Han}}?[邻居])"
    rf"|\p{{Han}}{{1,3}}[宅厝]{N}号|\p{{Han}}{{2,6}}(?:大厦|花园|公寓|小区|苑|阁|轩)(?={N}|[A-Z])"
    rf"|(?:{N}|[A-Z])(?:号楼|[幢栋座]|单元)|{N}[层楼](?:[A-Z](?:室|座)?)?|(?:[0-9]{{1,5}}|[A-Z])(?:室|房(?!产)|户|号|门)"
    rf"|[0-9]{{2,5}}{_NO_AMOUNT})+"
)
_LABEL = regex.compile(
    r"(?P<line>住址|(?<![居现常暂入留])住(?=[:：])|(?:家庭|户籍|居住|户口|租房|住房|房屋|宅基地)(?:详细|所在)?(?:地址?|位置|所在)|实际居住|住房)(?:[:：]|…{1,2})"
    r"|(?P<house>(?:房屋)?坐落|(?:送达|收[件货]|邮寄|联系|通[讯信])地址)[:：]"
    r"|(?P<said>(?<![居现常暂])家住|现住(?![人户房址])|住在|居住[在于]|租住在?|租的房子在|家就?在|[暂寄现]居于?(?!住)|暂住在?|寄住在?|独居[在于]?(?!老|所|户|人))[:：,，]?"
    r"|(?P<lives>(?<![保抓记站守稳挡拦忍留居常入原现暂借寄扣困咬卡接])住于?(?=\p{Han}|[0-9]{5,7}(?![0-9]))(?!保(?!定)|[院房建宅户所宿有满了过进持址在不]))"
)
#: How a _LABEL begins: `re` goes from one of these characters to the next.
_LABEL_START = re.compile(
    r"住|家(?=[庭住在]|就在)|户(?=[籍口])|居(?=住)|租(?=[房住]|的房子在)|房(?=屋)|宅(?=基地)|实(?=际居住)|坐(?=落)|送(?=达地址)"
    r"|收(?=[件货]地址)|邮(?=寄地址)|联(?=系地址)|通(?=[讯信]地址)|现(?=[住居])|暂(?=[住居])|寄(?=[住居])|独(?=居)"
)
#: The end of a value.
_VALUE = regex.compile(r"[\p{Han}0-9A-Z#]{3,44}")
_UNITS = (
    r"(?:号(?:宿舍|公寓)?楼|号(?![前文令])|户(?![籍口主型])|[#幢栋座室排组队社弄楼层门铺]|单元|作业区|工区"
    r"|连(?![续接带同忙夜]))"
)
_NUMBERED = regex.compile(
    rf"[\p{{Han}}0-9A-Z#]{{1,34}}?(?:[0-9]{{1,5}}|[一二三四五六七八九十]{{1,3}}|[A-Z]){_UNITS}(?:船|{N}{_UNITS})*"
)
#: A room directly behind the name of a building: 汽车站家属楼302.
_ROOMED = regex.compile(
    r"\p{Han}{2,20}(?:家属[院楼区]|宿舍楼?|小区|公寓楼?|花园|家园|[苑院])[甲乙丙丁A-Z]?[0-9]{3,7}(?![0-9年月日元万人户])"
)
#: A place without a number that belongs to somebody: a group, a hamlet of a village, the end of a street.
_UNNUMBERED = regex.compile(
    rf"{_ROOMED.pattern}|"
    r"\p{Han}{1,20}(?:组|生产队|屯|社(?<!公司|合作社|报社))|\p{Han}{1,16}村\p{Han}{1,4}[湾坪坝沟庄寨岭坡冲圩塆垭塘坳垄]"
    r"|\p{Han}{1,12}[街巷路]\p{Han}{0,2}[东西南北][头口侧段]"
)
#: These are not places: 住在县城已有12户, 住址不详.
NO_PLACE: Final = regex.compile(
    r"[的了是被因将已未]|不详|同上|期间|以来|左右|面积|平方|居民|人员|情况|变更|登记|医院(?!公寓|宿舍|家属|职工|护士|集体|旁|对面|隔壁|后)|病房|宾馆|酒店|旅[馆社]|日租房|宿舍管理|领导小组|工作组|出租屋$"
    r"|项目组|小组成员|[0-9]年|[0-9]月|学校(?![旁后]|对面|隔壁|家属|宿舍)|办理|共有?[0-9一二三四五六七八九十]"
)
_SHORTEST: Final = 3
#: A home that is read part by part has at least this many parts; and what may follow it.
_PARTS: Final = 2
_ENDS = regex.compile(r"$|[^\p{Han}0-9A-Z]|(?:的|身份证?|电话|手机|联系|系|人(?=[,，。])|村民|居民|住户|一户|房)")
#: The name of an estate is a home if somebody is said to live there.
_ESTATE = regex.compile(
    r"(?:[县市]城|[镇城]上|[县市城]区)?\p{Han}{2,12}(?:小区|花园|花苑|家园|佳苑|公寓|新村|家属[院楼区房])(?<!(?:集体|单位|人才|老年|养老|员工|职工|学生|酒店)公寓|(?:本|该|同一?|各|住宅)小区)"
)
_LIVED_IN: Final = frozenset({"estate", "corner", "number"})
_OWNER = regex.compile(
    r"(?r)被征收人|被拆迁人|产权人|所有权人|权利人|共有人|户主|房主|继承人|被安置人|[受被]送达人|收[件货]人|姓名|当事人|申请人"
)
_FIRM = regex.compile(
    r"公司|企业|厂|单位|合作社|[村居]委会|中心|局|医院|学校|部门|政府|机关|商行|经营部|[店厂社](?=[,，\s(（]|统一|地址)|法定代表人|经营者|信用代码"
)
_OWNER_REACH: Final = 60
_ON_AT_MOST: Final = 12
#: 天全路 + 锦绣天下7-2-1803, 2期3# + -1-2602.
_ROOM_BEHIND = regex.compile(
    r"(?:(?:[\p{Han}·]{2,8}|(?<=\p{Han}))(?:[0-9]期)?[0-9A-Z]{1,3}(?:[#栋幢])?|(?<=[#栋幢座号0-9]))[-－–—][0-9]{1,2}[-－–—][1-9][0-9]{2,3}室?(?![0-9*年月－–—-])|(?<=[#栋幢座甲乙丙])[-－–—][1-9][0-9]{2,3}室?(?![0-9*年月－–—-])"
)
#: 翠湖路翠湖一品6-801, 11-1-902: with any name of an estate, or none, behind a word for living there.
_ROOM_SAID = regex.compile(
    r"(?:(?:(?![的了是被因将在,，])[\p{Han}0-9A-Z·]){3,30}?(?<![0-9年月])[0-9A-Z]{1,3}(?:[-－–—][0-9]{1,2})?|[0-9]{1,2}[-－–—][0-9]{1,2})"
    r"[-－–—][1-9][0-9]{2,3}室?(?![0-9*年月元－–—-])"
)
_DASHED = re.compile("[0-9A-Z][-－–—][1-9][0-9]{2}")
_BEHIND = regex.compile(rf"[\p{{Han}}0-9A-Z]{{1,{_ON_AT_MOST}}}")


def more(text: str, end: int, limit: int) -> int:
    """Return the full end of an address that ends at `end` of a squeeze view, at most `limit`."""
    match = _MORE.match(text, end, limit)
    return match.end() if match else end


def whole(reading: Reading, begin: int, limit: int) -> int:
    """Return the end of a home without a number that is read part by part and ends its clause, or 0.

    刘家洼村西头大槐树下三间土房, 长旺街供销社旧院: at least two parts, the last of them below a village.
    """
    view = reading.squeeze
    value = _VALUE.match(view.text, begin, limit)
    if value is None:
        return 0
    stop = in_line(reading, begin + 1, value.end())
    parts, end = read_parts(view.text, begin, stop, [])
    if _ESTATE.fullmatch(view.text, begin, stop):
        return stop
    if len(parts) < _PARTS or parts[-1] not in BELOW_A_VILLAGE:
        return 0
    if not (_ENDS.match(view.text, end) or view.is_joint(end)):
        return 0
    shown = view.text[begin:end]
    return 0 if NO_PLACE.search(shown) or (OFFICE_INSIDE.search(shown) and parts[-1] not in _LIVED_IN) else end


@functools.cache
def _household() -> regex.Pattern[str]:
    return regex.compile(rf"(?:{person().pattern})(?:[家户]|的家)(?=\p{{Han}}|$|[^\p{{Han}}])")


def _owned(text: str, at: int) -> bool:
    """Return whether the owner of a house, and no firm, is in front of 坐落."""
    owner = _OWNER.search(text, max(0, at - _OWNER_REACH), at)
    return owner is not None and not _FIRM.search(text, owner.end(), at)


def on(reading: Reading, end: int) -> int:
    """Return the full end of a home known up to `end`: 鹿儿沟村5组 + 坡上, 3组 + 老学校旁."""
    view = reading.squeeze
    value = _BEHIND.match(view.text, end)
    if (room := room_behind(reading, end)) > end:
        return room
    if value is None or view.is_joint(end):
        return end
    stop = next(iter(view.inner_joints(end, value.end())), value.end())
    of = view.text.find("的", end, stop)
    stop = of if of > 0 else stop
    if view.text.startswith(("房屋", "房子", "房产", "宅基"), end) or not (
        view.is_joint(stop) or _ENDS.match(view.text, stop)
    ):
        return end
    if _household().match(view.text, end):
        return end  # 14号 + 贾廷凤家
    parts, last = read_parts(view.text, end, stop, [], ("number",))
    return last if last == stop and parts[-1] in BELOW_A_VILLAGE else end


def room_behind(reading: Reading, end: int) -> int:
    """Return the end of a room with its building and unit behind a place that ends at `end`, or `end`."""
    room = _ROOM_BEHIND.match(reading.text, reading.squeeze.span(end - 1, end)[1])
    return reading.squeeze.position(room.end()) if room else end


def said_homes(reading: Reading) -> Iterator[Span]:
    """Yield the places in the squeeze view that labels or columns declare to be homes; they may overlap others."""
    view = reading.squeeze
    for label in labels(_LABEL_START, _LABEL, view.text):
        begin = label.end()
        paragraph = reading.paragraph(view.span(label.start(), label.start() + 1)[0])
        limit = min(len(view.text), view.position(paragraph.end))
        if label["house"] and not _owned(view.text, label.start()):
            continue
        alone = bool(label["line"] or label["house"])
        end = value_end(view.text, begin, limit, alone=alone) or whole(reading, begin, limit)
        end = end or value_end(view.text, begin, in_line(reading, begin + 1, limit), alone=alone)
        if end:
            yield Span(begin, on(reading, end))


def said_rooms(reading: Reading) -> Iterator[Span]:
    """Yield the rooms behind words for living there, written with dashes, whatever the estate is called."""
    view = reading.squeeze
    for label in labels(_LABEL_START, _LABEL, view.text) if _DASHED.search(reading.text) else ():
        begin = label.end()
        if label["house"] or begin == len(view.text):
            continue
        if room := _ROOM_SAID.match(reading.text, view.span(begin, begin + 1)[0]):
            yield Span(begin, view.position(room.end()))


def labels(begins: re.Pattern[str], pattern: regex.Pattern[str], text: str) -> Iterator[regex.Match[str]]:
    """Yield the matches of `pattern`, tried only where `begins` tells that one may begin."""
    last = 0
    for start in begins.finditer(text):
        if start.start() >= last and (label := pattern.match(text, start.start())):
            last = label.end()
            yield label


def value_end(text: str, begin: int, limit: int, *, alone: bool) -> int:
    """Return the end of a home that begins at `begin`, or 0; one that is `alone` need not have a number."""
    value = _VALUE.match(text, begin, limit)
    if value is None or value.end() - begin < _SHORTEST:
        return 0
    match = _NUMBERED.match(text, begin, value.end())
    if match:
        end = more(text, match.end(), value.end())
    elif roomed := _ROOMED.match(text, begin, value.end()):
        end = roomed.end()
    elif alone and (whole := _UNNUMBERED.fullmatch(text, begin, value.end())):
        end = whole.end()
    else:
        return 0
    return 0 if NO_PLACE.search(text, begin, end) else end
