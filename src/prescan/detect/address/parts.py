"""The parts of a place: county, town, village, hamlet; street, estate, house. What they are called, and reading them.

A part ends with a word for its kind, whatever its name: 石门乡, 大垭村, 对门坡.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.person_shape import person

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A character of a name: none that joins words or tells an action.
NAME = (
    r"(?:(?![的了在是与及等被把从有为已未也又并或她我你他该因说看将仍其住各抽]|[迁搬][往至到入回]|对(?![门面岸河山])|国家|户[口籍]|独居|出发|房[屋产]|和(?=\p{Han}{2,3}[省市县区])|砖[混木]|(?<=[0-9号室组])家[里中]"
    r"|(?<=[村组屯社])和\p{Han}{1,7}?[村组镇乡屯])\p{Han})"
)
#: A number in digits or Chinese.
N: Final = r"(?:[0-9]{1,5}|[一二三四五六七八九十百]{1,4})"
_SIDES = "东南西北中前后上下左右里外内"
_TOWN = rf"{NAME}{{1,9}}?(?:街道(?:办事处)?|民族乡|[镇乡](?!政府|党|长|级|人大|里|亲|下)|苏木)"
#: A house without a name.
HOUSE: Final = (
    r"(?:平房|楼房|板房|活动房|临建房|自建房|土坯房|砖瓦房|砖房|瓦房|土房|石头房|窑洞|土窑|石窑|门房|窝棚|地下室"
    r"|(?:出租|职工|家属|廉租|公租|周转|集资|拆迁|红砖|筒子|过渡|砖瓦)[房屋楼]|车棚间?|车库间?|储藏[室间]|杂物间|吊脚楼|木屋|竹楼|工棚|底楼"
    r"|阁楼|隔断?间|大?杂院|[顶底]层[东西南北]?|[顶前后]楼(?![上下])|[老旧前后偏东西南北小]院|老[屋宅]|旧[屋宅]|[正厢偏耳]房)"
)
_VILLAGE = (
    rf"{NAME}{{1,10}}?(?:村民?委会|居委会|牧委会|行政村|自然村|社区|嘎查|村委(?!会|员|主任|书记|干部|班子|成员|办|换届|委)(?=\p{{Han}})|大队|[林农牧分渔茶]场|新村"
    rf"|村(?![民干支党委镇级卫务部邮]|里的|集体|两委|小学))"
)
_STREET = (
    rf"{NAME}{{1,8}}?(?:大道|大街|胡同|夹道|路(?![灯段过口])|街(?!道|坊)|街坊|巷(?!道)|弄(?!堂)|里(?![程面外的]))"
    rf"(?:[{_SIDES}]{{1,2}}[段路街巷]|口(?!\p{{Han}}))?"
)
_ESTATE = (
    rf"{NAME}{{1,12}}?(?:小区|花园|花苑|家园|佳苑|公寓|宿舍|大院|杂院|家属[院楼区房]|安置[房区点]|华府|楼房|平房|土坯房|自建房|砖房|竹棚|围屋|棚户区|阁楼|亭子间"
    rf"|[苑园城庭府邸轩阁舍院](?![子里内]?[长林士]|[苑园庭府邸轩阁])|居(?!住|民)|子院|楼(?=[0-9]))(?:{N}期|[东南西北]?[一二三四五六七八九0-9]?[区期园院])?"
    rf"|{NAME}{{0,4}}?{HOUSE}"
)
#: What hamlets and corners of a village are called.
_HAMLET = (
    rf"{NAME}{{1,4}}?(?:圪[垯塔坨梁垛]|圪崂|旮旯|角落|水库边|屋场|屋基|堡子|沟门|寨子|坝子|崖下|"
    rf"[屯圩垸湾坊坪垭坨峪沟寨湾冲塆岭厝坞坝坡坳塘埠浜埭庄营堡店洼峁梁塬畈墩矶垄岗坎山岩崖泊疃洼河溪港荡洲滩桥头井台窑坑墘围仔涌岙汪坊垱坦埂嘴咀箐甸峒弄组社队屋家底背源角尾口下上边里脚根凼场]{{1,3}}(?:(?<=[湾沟岭坡甸洼屯坝寨梁坳])子(?![女孙弟]))?(?!(?<=[组队社])[长员]|[市县区旗镇乡]))"
)
_NUMBERED = (
    rf"{NAME}{{0,6}}?(?:[甲乙丙丁附副第]?{N}|[A-Z][0-9]{{0,3}}|[甲乙丙丁{_SIDES}])"
    r"(?:村民小组|居民小组|小组|小队|生产队|号(?:宿舍|公寓)?楼(?![上下])|号[大小旧老]?院|号(?!文|令|公告|窗口|线|台)|[栋幢座院弄巷条排趟户间层楼期区室格门组社队屯街](?![长员会]|(?<=户)[籍口主型])|单元|街坊)"
    rf"(?:之{N}|[附副]{N}号?)?"
)
_CORNER = (
    rf"{NAME}{{0,5}}?(?:[{_SIDES}把半]{{1,2}}(?!段)(?:头(?:一户)?|边|侧|面|首|沟|岔|排|趟|厢(?!房)|手|户|屋|街|园|院)[口上下里边门]?"
    rf"|后头|旁[边门]?|后面|前面|对面|对过|隔壁|门[口洞里外]|院[内里]|楼[上下]|{N}楼[左右](?:手|边|户)?|巷[子]?[里内]|渠边|河边|路[东西南北边](?!段)|屯头|村[头口尾]|街上|第{N}个?[家户间院门]|{N}[间孔眼]\p{{Han}}{{0,2}}[房窑屋]|[树桥坡崖坝塔庙祠寺][下上头边后前旁])"
)
_DIVISION = rf"(?:{NAME}{{1,7}}?自治[县州旗区]|{NAME}{{1,3}}?[省市县区旗](?!级|委|政府|长|道|村|组))"
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
    "division": (frozenset("省县州旗区市"),),
    "town": (frozenset("街乡镇苏"),),
    "village": (frozenset("会村区查队场"), frozenset("村委社嘎大林农牧分渔茶")),
    "street": (frozenset("道街同路巷弄里"),),
    "estate": (frozenset("区园苑庭寓舍院属置府房棚屋阁间城邸轩居楼窑库室宅层"),),
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
_ROOM = regex.compile(r"(?<=[栋幢座号楼苑园区院里寓舍元期])[0-9A-Z]{2,9}(?![0-9A-Z年月日元万亿亩米人户个张])")
#: Characters that certainly end a place.
STOP = regex.compile(r"[^\p{Han}0-9A-Z#]")
#: What may follow a place up to the end of its clause and belong to it: 曼蚌村曼打贺.
_REST = regex.compile(rf"{NAME}{{1,4}}")
_NO_REST = regex.compile(
    r"村民|居民|社员|牧民|牧户|人(?!家)|户|某|先生|女士|附近|一带|境内|路段|地段|群众|本人|租|搬|养|种|项目|工程|建|修|调|考|召|开|干部|学校|小学|支部|房东|业主|住户|租[户客]|有|无|投靠|那|间|孔|女儿|儿子|侄|安葬|房屋|独居|回|来|去|不|时"
)


def read_parts(
    text: str, at: int, limit: int, joints: list[int], parts: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], int]:
    """Return the kinds of the parts of a place that continues at `at` after `parts`, and its end, at most `limit`.

    A room number directly follows its house: none begins at a joint.
    """
    there = kinds_in(text[at:limit])
    ends: dict[tuple[int, str], int] = {}
    while "division" in there and (division := _end(text, at, limit, "division", ends)):
        larger = [end for kind in _LARGE if kind in there and (end := _end(text, at, limit, kind, ends))]
        if division >= min(larger, default=limit):
            break
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
    stop = STOP.search(text, end, limit)
    last = stop.start() if stop else limit
    more = _REST.fullmatch(text, end, last)
    return last if more and not _NO_REST.search(text, end, last) and not person().match(text, end, last) else end
