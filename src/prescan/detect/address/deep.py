"""Places written from a division down to what is smaller: county, town, village, hamlet; street, estate, house.

石门乡大垭村对门坡, 兰家镇东兴路农机站宿舍平房第二趟: such a place is read forward, part by part, beginning with the
name of a county or town; a part ends with a word for its kind, whatever its name. Whether it is a home is decided in
`address/weigh.py`.
"""

from __future__ import annotations

import functools
import string
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import regex

from prescan.detect.address.divisions import chain, named_divisions
from prescan.detect.person_shape import person
from prescan.text.view import code_points

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from prescan.detect.reading import Reading

#: A character of a name: none that joins words or tells an action.
NAME = (
    r"(?:(?![的了在是与及等被把从有为已未也又并或她我你他该因说看将仍其住各抽]|[迁搬][往至到入回]|对(?![门面岸河山])|国家|户[口籍]|独居|出发|砖[混木]|(?<=[0-9号室组])家[里中]"
    r"|(?<=[村组屯社])和\p{Han}{1,7}?[村组镇乡屯])\p{Han})"
)
_N = r"(?:[0-9]{1,5}|[一二三四五六七八九十百]{1,4})"
_SIDES = "东南西北中前后上下左右里外内"
_TOWN = rf"{NAME}{{1,9}}?(?:街道(?:办事处)?|民族乡|[镇乡](?!政府|党|长|级|人大|里|亲|下)|苏木)"
#: A house without a name.
HOUSE: Final = (
    r"(?:平房|楼房|板房|活动房|临建房|自建房|土坯房|砖瓦房|砖房|瓦房|土房|石头房|窑洞|土窑|石窑|门房|窝棚|地下室"
    r"|(?:出租|职工|家属|廉租|公租|周转|集资|拆迁|红砖|筒子|过渡|砖瓦)[房屋楼]|车棚间?|车库间?|储藏[室间]|杂物间|吊脚楼|木屋|竹楼|工棚|底楼"
    r"|[老旧前后偏东西南北小]院|老[屋宅]|旧[屋宅]|[正厢偏耳]房)"
)
_VILLAGE = (
    rf"{NAME}{{1,10}}?(?:村民?委会|居委会|牧委会|行政村|自然村|社区|嘎查|大队|[林农牧分渔茶]场|新村"
    rf"|村(?![民干支党委镇级卫务部邮]|里的|集体|两委|小学))"
)
_STREET = (
    rf"{NAME}{{1,8}}?(?:大道|大街|胡同|夹道|路(?![灯段过口])|街(?!道|坊)|街坊|巷(?!道)|弄(?!堂)|里(?![程面外的]))"
    rf"(?:[{_SIDES}]{{1,2}}[段路街巷]|口(?!\p{{Han}}))?"
)
_ESTATE = (
    rf"{NAME}{{1,12}}?(?:小区|花园|花苑|家园|佳苑|公寓|宿舍|大院|杂院|家属[院楼区房]|安置[房区点]|华府|楼房|平房|土坯房|自建房|砖房|竹棚|围屋|棚户区|阁楼|亭子间"
    rf"|[苑园城庭府邸轩阁舍院](?![子里内]?[长林士]|[苑园庭府邸轩阁])|居(?!住|民)|子院|楼(?=[0-9]))(?:{_N}期|[东南西北]?[一二三四五六七八九0-9]?[区期园院])?"
    rf"|{NAME}{{0,4}}?{HOUSE}"
)
#: What hamlets and corners of a village are called.
_HAMLET = (
    rf"{NAME}{{1,4}}?(?:圪[垯塔坨梁垛]|圪崂|旮旯|角落|水库边|屋场|屋基|堡子|沟门|寨子|坝子|崖下|"
    rf"[屯圩垸湾坊坪垭坨峪沟寨湾冲塆岭厝坞坝坡坳塘埠浜埭庄营堡店洼峁梁塬畈墩矶垄岗坎山岩崖泊疃洼河溪港荡洲滩桥头井台窑坑墘围仔涌岙汪坊垱坦埂嘴咀箐甸峒弄组社队屋家底背源角尾口下上边里脚根凼场]{{1,3}}(?!(?<=[组队社])[长员]|[市县区旗镇乡]))"
)
_NUMBERED = (
    rf"{NAME}{{0,6}}?(?:[甲乙丙丁附副第]?{_N}|[A-Z][0-9]{{0,3}}|[甲乙丙丁{_SIDES}])"
    r"(?:村民小组|居民小组|小组|小队|生产队|号(?:宿舍|公寓)?楼(?![上下])|号[大小旧老]?院|号(?!文|令|公告|窗口|线|台)|[栋幢座院弄巷条排趟户间层楼期区室格门组社队屯街](?![长员会]|(?<=户)[籍口主型])|单元|街坊)"
    rf"(?:之{_N}|[附副]{_N}号?)?"
)
_CORNER = (
    rf"{NAME}{{0,5}}?(?:[{_SIDES}把半]{{1,2}}(?!段)(?:头(?:一户)?|边|侧|面|首|沟|岔|排|趟|厢(?!房)|手|户|屋|街|园|院)[口上下里边门]?"
    rf"|后头|旁[边门]?|后面|前面|对面|对过|隔壁|门[口洞里外]|院[内里]|楼[上下]|{_N}楼[左右](?:手|边|户)?|巷[子]?[里内]|渠边|河边|路[东西南北边](?!段)|屯头|村[头口尾]|街上|第{_N}个?[家户间院门]|{_N}[间孔眼]\p{{Han}}{{0,2}}[房窑屋]|[树桥坡崖坝塔庙祠寺][下上头边后前旁])"
)
_TAIL = rf"(?:{_TOWN}|{_VILLAGE}|{_STREET}|{_ESTATE}|{_NUMBERED}|{_CORNER}|{_HAMLET})"
_DIVISION = rf"(?:{NAME}{{1,7}}?自治[县州旗区]|{NAME}{{1,3}}?[市县区旗](?!级|委|政府|长|道|村|组))"
#: The kinds of parts in the order in which they are tried: the shortest part, larger kinds before smaller ones.
PARTS: Final = {
    "division": regex.compile(_DIVISION),
    "town": regex.compile(_TOWN),
    "village": regex.compile(_VILLAGE),
    "street": regex.compile(_STREET),
    "estate": regex.compile(_ESTATE),
    "number": regex.compile(_NUMBERED),
    "corner": regex.compile(_CORNER),
    "hamlet": regex.compile(_HAMLET),
}
_SIDE_SIGNS: Final = frozenset(_SIDES)
_SIGNS: Final[dict[str, tuple[frozenset[str], ...]]] = {
    "division": (frozenset("县州旗区市"),),
    "town": (frozenset("街乡镇苏"),),
    "village": (frozenset("会村区查队场"), frozenset("村委社嘎大林农牧分渔茶")),
    "street": (frozenset("道街同路巷弄里"),),
    "estate": (frozenset("区园苑庭寓舍院属置府房棚屋阁间城邸轩居楼窑库室宅"),),
    "number": (
        frozenset(f"{string.digits}{string.ascii_uppercase}一二三四五六七八九十百甲乙丙丁") | _SIDE_SIGNS,
        frozenset("组队号栋幢座院弄巷条排趟户间层楼期区室格门社屯街元"),
    ),
    "corner": (
        frozenset("把半对旁隔门院楼巷渠河路屯村街第树桥坡崖坝塔庙祠寺间孔眼") | _SIDE_SIGNS,
        frozenset("头边侧面首沟岔排趟厢手户屋街园院旁过壁口洞里内外上下左右东西南北尾家间房窑前后门"),
    ),
    "hamlet": (
        frozenset(
            "垯塔坨梁垛崂旯落边场基子门下屯圩垸湾坊坪垭峪沟寨冲塆岭厝坞坝坡坳塘埠浜埭庄营堡店洼峁塬畈墩矶垄岗坎山岩崖泊疃河溪港荡洲滩"
            "桥头井台窑坑墘围仔涌岙汪垱坦埂嘴咀箐甸峒弄组社队屋家底背源角尾口上里脚根凼"
        ),
    ),
}
"""Of each of these sets every part of a kind holds a character: where one holds none, none need be tried."""
_LARGE: Final[tuple[str, ...]] = ("town", "village")
#: A smaller kind ends the name of a town or village if it is this much shorter (海拉尔东路·向阳社区; 牛街镇, 北王庄村).
_APART: Final = 3
_SMALL: Final[tuple[str, ...]] = ("number", "estate", "street", "corner", "hamlet")
#: A town and a village may be published; anything below them is a home. "rest": a name of a few characters.
BELOW_A_VILLAGE: Final = frozenset({*_SMALL, "rest"})
_ROOM = regex.compile(r"(?<=[栋幢座号楼苑园区院里寓舍元])[0-9A-Z]{2,9}(?![0-9A-Z年月日元万亿亩米人户个张])")
#: Characters that certainly end a place.
_STOP = regex.compile(r"[^\p{Han}0-9A-Z#]")
_PLANE: Final = 0x10000
_UPPER: Final = "镇乡县区市旗道木州盟"
_LOWER: Final = "村镇乡区路街巷弄里屯查场会社组队庄道苑园城号院寨木同"
#: Characters that no place contains.
_MARKS: Final = string.whitespace + string.ascii_lowercase + ",.:;()|，。、；：？！“”（）《》…—\u3000\u2029"
#: These end a division only with one character in front of them: 街道, 苏木.
_WHOLE: Final = {"道": "街", "木": "苏"}
#: A line end and what begins a new item: 邮编：, ① , （二）, 3. , 第四站.
_NEW_LINE = regex.compile(
    r"\s*\n[ \t\u3000]*(?:\p{Han}(?:[ \u3000]{0,4}\p{Han}){0,9}[:：=]"
    r"|[①-⑳●■◆▶▪·•*—]|[（(]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[)）.、．：:]"
    r"|第[一二三四五六七八九十0-9]{1,3}\p{Han}|编号|附)"
)
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
#: What may follow a place up to the end of its clause and belong to it: 曼蚌村曼打贺.
_REST = regex.compile(rf"{NAME}{{1,4}}")
_NO_REST = regex.compile(
    r"村民|居民|社员|牧民|牧户|人(?!家)|户|某|先生|女士|附近|一带|境内|路段|地段|群众|本人|租|搬|养|种|项目|工程|建|修|调|考|召|开|干部|学校|小学|支部|房东|业主|住户|租[户客]|有|无|投靠|那|间|孔|女儿|儿子|侄|安葬|房屋|独居|回|来|去|不"
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
    last = 0
    for anchor in _anchors(view.text):
        if anchor < last:
            continue
        begin, known = _begin(reading, anchor, last)
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


def read_parts(
    text: str, at: int, limit: int, joints: list[int], parts: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], int]:
    """Return the kinds of the parts of a place that continues at `at` after `parts`, and its end, at most `limit`.

    A room number directly follows its house: none begins at a joint.
    """
    there = kinds_in(text[at:limit])
    ends: dict[tuple[int, str], int] = {}
    division = _end(text, at, limit, "division", ends) if "division" in there else 0
    larger = [end for kind in _LARGE if kind in there and (end := _end(text, at, limit, kind, ends))]
    if division and division < min(larger, default=limit):
        parts, at = (*parts, "division"), division
    large, kinds = True, _LARGE
    while at < limit:
        found = _next(text, at, limit, [kind for kind in kinds if kind in there], ends)
        if large:
            small = [kind for kind in _SMALL[:3] if kind in there] if found and parts else []
            nearer = _next(text, at, limit, small, ends)
            if found is None or (nearer and nearer[0] + _APART < found[0]):
                large, kinds = False, _SMALL
                continue
            if found[1] == "village":
                large, kinds = False, (*_SMALL, "village")
        if found is None:
            room = _ROOM.match(text, at, limit)
            return ((*parts, "number"), room.end()) if room and parts and at not in joints else (parts, at)
        at = found[0]
        parts = (*parts, found[1])
    return parts, at


def kinds_in(shown: str) -> frozenset[str]:
    """Return the kinds of parts that may occur in a text: those with one of their signs in it."""
    held = frozenset(shown)
    return frozenset(kind for kind, signs in _SIGNS.items() if not any(map(held.isdisjoint, signs)))


def _next(
    text: str, at: int, limit: int, kinds: Iterable[str], ends: dict[tuple[int, str], int]
) -> tuple[int, str] | None:
    """Return the end of the shortest part of these kinds that begins at `at`, and its kind."""
    best: tuple[int, str] | None = None
    for kind in kinds:
        end = _end(text, at, limit, kind, ends)
        if end and (best is None or (end, kind) < best):
            best = end, kind
    return best


def _end(text: str, at: int, limit: int, kind: str, ends: dict[tuple[int, str], int]) -> int:
    """Return the end of a part of one kind that begins at `at`, or 0; `ends` is a cache."""
    known = ends.get((at, kind))
    if known is None:
        match = PARTS[kind].match(text, at, limit)
        known = ends[at, kind] = match.end() if match else 0
    return known


def rest(text: str, end: int, limit: int) -> int:
    """Return the end of a place including a few characters behind it, if they fill its clause and can be a name."""
    stop = _STOP.search(text, end, limit)
    last = stop.start() if stop else limit
    more = _REST.fullmatch(text, end, last)
    return last if more and not _NO_REST.search(text, end, last) and not person().match(text, end, last) else end


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


def _begin(reading: Reading, anchor: int, last: int) -> tuple[int, int]:
    """Return the start of the place whose first division ends at `anchor`, and the end of what the table has of it."""
    view = reading.squeeze
    low = max(0, anchor - _REACH // 2, last)
    stop = _LAST_MARK.search(view.text, low, anchor)
    low = stop.end() if stop else low
    number = _NUMBER.search(view.text, low, anchor)
    low = number.end() if number else low
    gaps = [joint for joint in view.inner_joints(low, anchor) if is_gap(reading, joint) or is_new_line(reading, joint)]
    low = gaps[-1] if gaps else low
    divisions = [pair for pair in named_divisions(view.text, low, anchor + 1) if pair[1] <= anchor + 1]
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
    stop = _STOP.search(view.text, anchor, limit)
    limit = stop.start() if stop else limit
    return next((j for j in view.inner_joints(anchor, limit) if is_gap(reading, j) or is_new_line(reading, j)), limit)


def is_new_line(reading: Reading, joint: int) -> bool:
    """Return whether the line certainly ends at a joint: the next one begins with a label or as an item of a list."""
    view = reading.squeeze
    return _wraps(view.gap(joint, reading.text)) and (
        _NEW_LINE.match(reading.text, view.span(joint - 1, joint)[1]) is not None
    )


def in_line(reading: Reading, end: int, limit: int) -> int:
    """Return the first line end at or behind the place that ends at `end`, at most `limit`: names do not wrap."""
    view = reading.squeeze
    for joint in view.inner_joints(end - 1, limit):
        if _wraps(view.gap(joint, reading.text)):
            return joint
    return limit


def _wraps(gap: str) -> bool:
    return "\n" in gap or "\r" in gap


def is_gap(reading: Reading, joint: int) -> bool:
    """Return whether the texts on both sides of a joint are separate: words with spaces, not a line wrap or dash."""
    view = reading.squeeze
    gap = view.gap(joint, reading.text)
    if _wraps(gap):
        return False
    beside_number = view.text[joint - 1].isascii() or view.text[joint].isascii()
    return not gap.strip() and (len(gap) > 1 or not beside_number)
