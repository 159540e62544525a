"""Homes beside a name: those at the beginning of lines in a list of residents, and those in brackets behind it.

② 11号院二楼左，何满堂，单亲；　9-1-301　何满堂　同意: by itself such a house or room has no town and no street. Only a
list in which several lines begin alike and continue with a person shows that people live there. A part in brackets
that is a place from beginning to end is where the person named before lives: 何满堂（女，72岁，大坪组）.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.address.office import OFFICE_INSIDE
from prescan.detect.address.parts import read_parts
from prescan.detect.person_shape import person
from prescan.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.reading import Reading

_N = r"(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})"
_SIDES = "东南西北中前后左右"
#: 9号院西屋, 3号楼2单元东户, 20号院门房; 9-1-301.
_HOUSE = (
    rf"{_N}号(?:[大小]?院|楼|门|(?=[{_SIDES}]))(?:{_N}单元)?(?:{_N}[楼层])?(?:{_N}[室户号])?"
    rf"(?:[{_SIDES}小]{{0,3}}[屋户房间院]|[{_SIDES}]{{1,2}}|门房)?"
    rf"|{_N}(?:号楼|[幢栋座])(?:\p{{Han}}{{2,4}}楼)?(?:{_N}单元)?[0-9]{{3,4}}[室房号]?(?![0-9])"
)
_ROOM = r"[0-9A-Z]{1,2}[-－–—][0-9]{1,2}[-－–—][1-9][0-9]{2,3}"
_MARK = r"[ \t\u3000]*(?:[①-⑳●■◆▶·•*-]|[（(]?[0-9一二三四五六七八九十]{1,3}[)）.、．])?[ \t\u3000]*"
_LINE: Final = regex.compile(
    rf"{_MARK}(?P<home>{_HOUSE}|{_ROOM})"
    r"(?P<gap>[,，:：、|][ \u3000]*|[ \t\u3000]+)(?P<rest>[^\n\u2029]*)"
)
#: The same with the name in front: 1. 何满堂 3-1-402; 何满堂，湾溪路40号，全家吃低保.
_NAME_LINE: Final = regex.compile(
    rf"{_MARK}(?P<name>\p{{Han}}{{2,3}})(?:[,，:：、|][ \u3000]?|[ \t\u3000]{{1,4}})"
    rf"(?P<home>{_ROOM}|\p{{Han}}{{1,5}}[路街巷弄]{_N}号(?:[附增]{_N}号)?(?:{_N}[楼层])?)"
    r"(?=[,，。;； \t\u3000\n\u2029]|$)"
)
_LINE_END: Final = re.compile(r"[\n\u2029]")
#: Part of every _HOUSE or _ROOM: a text with fewer than two has no list of them. `re` goes from one 号 or dash to the
#: next.
_HOUSE_SIGN: Final = re.compile(
    "|".join(
        (
            f"号[{_SIDES}大小院楼门]",
            "[路街巷弄][0-9]",
            "[0-9一二三四五六七八九十][幢栋座]",
            *(rf"{dash}[0-9]{{1,2}}[-－–—][1-9][0-9]{{2}}" for dash in "-－–—"),
        )
    )
)
#: What else shows that the line continues with a person.
_SOMEBODY = regex.compile(
    r"租客|租户|房东|业主|户主|住户|老人|老党员|单亲|独居|空巢|夫妇|夫妻|一家|两口|新来户|老太|老汉|大爷|大妈|阿姨|身份证|(?<!\d)1[3-9]\d{9}(?!\d)|[0-9]{1,3}岁"
)
#: One of these is in every place found beside a name.
_SIGNS: Final = r"[组号室院栋幢户楼房屯社队园苑庭区村街路巷头边旁后湾坪坡]|[0-9][-－–—][0-9]"
#: 户主何某，62岁，大坪组，: the text between commas, and the person in front. Pages are full of commas; `re` finds
#: them in a third of the time, and only those before a sign count: `_after_commas` examines what is found.
_BETWEEN_COMMAS: Final = re.compile(
    rf"[,，、](?=[^\s,，、。；;:：()（）]{{0,24}}(?:{_SIGNS}))(?P<said>[^\s,，、。；;:：()（）]{{4,25}})(?=[,，。；;])"
)
_PLACE_SAID: Final = regex.compile(r"(?!地址|住所|一户|同村)\p{Han}[\p{Han}0-9A-Z-]{3,24}")
_BEFORE_COMMA: Final = regex.compile(
    r"(?r)(?<![\p{Han}0-9])(?:(?:五保户|低保户|脱贫户|户主|住户|村民|居民|业主|学生|患者|死者|伤者|老人|孤儿)[:：]?)?(?P<whole>\p{Han}{2,4}?)[,，、](?P<about>(?:[男女]|[0-9]{1,3}岁|[0-9]{17}[0-9Xx]|\p{Han}{1,4}族|[0-9年月日.]{4,11}出?生?|[\p{Han}0-9]{2,8}(?:[班级理业]|学生|文化|程度|群众|党员|未婚|已婚|大专|本科|高中|初中|小学))[,，、]){0,5}"
)
_BRACKET: Final = regex.compile(r"[（(](?P<inside>[^（）()\n\u2029]{2,60})[)）]")
#: The person in front of a bracket, searched for from the bracket, as most characters have no bracket behind them.
_BEFORE_BRACKET: Final = regex.compile(
    r"(?r)(?P<name>\p{Han}{2,4})(?<![村镇乡县市区街路组社屯队院局所站校厂司部店馆科室会心场园])"
)
#: 房号：A3-1502, if the line tells whose it is.
_ROOM_NUMBER: Final = regex.compile(
    r"(?<=(?:业主|户主|住户|租户|租客|欠费人|姓名)[^\n\u2029]{1,24})(?:房号|房间号?|室号|门牌号?)[:：]\s?(?P<inside>[0-9A-Z]{1,3}(?:[-－–—][0-9]{1,2})?[-－–—][1-9][0-9]{2,3})(?![0-9-])"
)
_ROOM_WORDS: Final = ("房号", "房间", "室号", "门牌")
_IN_OFFICE = regex.compile(
    r"联系人|咨询|窗口|负责人|院长|局长|主任|站长|校长|所长|经理|书记|科长|法定代表人|民警|律师|教师|医生|专家|调解员|网格员|电话[:：]?0\d{2,3}-"
)
_PIECE = regex.compile(r"[^,，、;；:：/]+")
_SIGN = re.compile(_SIGNS)
_DASHED = regex.compile(rf"(?:\p{{Han}}{{2,10}})?{_ROOM}")
#: Words for who lives in a room: 3-2-1402业主何某.
_DWELLERS: Final = ("业主", "住户", "租户", "租客", "户主", "居民")
_ROOM_OF: Final = regex.compile(
    rf"(?<![0-9A-Z-]){_ROOM}(?=室?的?(?:{'|'.join(_DWELLERS)}|\p{{Han}}(?:女士|先生|阿姨|大爷|大妈|奶奶)))"
)
#: 何满堂 水岸春天7-1-1101: a name, and a room with any name of an estate.
_NAMED_ROOM: Final = regex.compile(
    rf"(?<!\p{{Han}})(?P<name>\p{{Han}}{{2,3}})[ \u3000|｜,，、:：]{{1,3}}(?P<home>\p{{Han}}{{2,10}}{_ROOM})(?![0-9-])"
)
_ROOM_SIGN: Final = re.compile(r"[-－–—][0-9]{1,2}[-－–—][1-9][0-9]{2}")
_BEFORE_ROOM: Final = 20
_DWELLER = regex.compile(rf"(?:{'|'.join(_DWELLERS)}|村民|社员|农民|一户|人)")
_DOOR = regex.compile(r"[0-9]{1,2}(?:号楼|[栋幢座])(?:[0-9]{1,2}单元)?[0-9A-Z]{3,5}室?")
_NOT = regex.compile(
    r"[的了是被因将]|武警|中队|大队|支队|原|组长|队长|村长|书记|主任|第[0-9一二三四五六七八九十]+[组队]|小组|工作|项目|[0-9]年|辖区|社区$|片区|(?:职工|工人|教师|社员|干部)$"
)
_HOUSES = regex.compile(r"家属|宿舍|平房|[后旁]$|背后|对面|楼上")
#: A group alone is a home if it is in brackets behind a name.
_GROUP = regex.compile(
    r"(?!领导|调解|专家|评审|核查|检查|施工|作业|审计|医疗|救援)\p{Han}{2,4}[组屯](?:[0-9]{1,4}号)?|[0-9一二三四五六七八九十]{1,3}[组社队][0-9]{1,4}号|\p{Han}{2,5}[0-9]{1,3}号院?"
)
#: A gap inside a line, and the words of such a line.
_GAP: Final = re.compile(r"(?<=[\u4e00-\u9fff])(?: [男女] |(?:\u3000| {2})[ \u3000]*(?=\S))")
_WORD: Final = re.compile(r"[^\s|](?:[^\n\u2029\u3000 |\t]| (?=[^ ]))*")
_SINGLE_WORD: Final = re.compile(r"[^\s|]+")
#: What may stand between a name and a home.
_ABOUT: Final = re.compile(r"[男女]|[0-9]{1,3}岁?|[0-9]{17}[0-9Xx]|1[0-9]{10}|[汉回苗壮满藏彝]族?")
_NAME: Final = regex.compile(r"\p{Han}{2,3}(?<![县区镇乡村组街路局所站校院厂店社部室科队会址人主名])")
_OF_FIRM: Final = re.compile(r"公司|企业|[厂店社铺场]\s|超市|饭店|经营|商行|工程|项目")
_ESTATE_NAME = regex.compile(r"\p{Han}{2,12}(?:宿舍楼?|家属[院区楼]|平房|小区|花园|家园)")
_LOOKS_AT: Final = 24
_SEVERAL: Final = 2


def listed_homes(reading: Reading) -> Iterator[Span]:
    """Yield the homes beside names and those that begin lines of a list, as places of the squeeze view."""
    text, view = reading.text, reading.squeeze
    if text.isascii():
        return
    yield from _beside_names(reading)
    yield from _set_apart(reading)
    if any(word in text for word in _ROOM_WORDS):  # looking behind at every character is dear, and few have such words
        for room in _ROOM_NUMBER.finditer(text):
            yield Span(view.position(room.start("inside")), view.position(room.end("inside")))
    for start, end in _rooms(text):
        yield Span(view.position(start), view.position(end))
    if len(list(itertools.islice(_HOUSE_SIGN.finditer(text), _SEVERAL))) < _SEVERAL:
        return
    starts = (0, *(end.end() for end in _LINE_END.finditer(text)))
    lines = [line for at in starts if (line := _LINE.match(text, at)) and _goes_on(line["rest"][:_LOOKS_AT])]
    of_names = [line for at in starts if (line := _NAME_LINE.match(text, at)) and _is_name(line)]
    for found in (lines, of_names):
        for line in found if len(found) >= _SEVERAL else ():
            yield Span(view.position(line.start("home")), view.position(line.end("home")))


def _rooms(text: str) -> Iterator[tuple[int, int]]:
    """Yield the rooms written with dashes that have the name of a person in front or a dweller behind."""
    for sign in _ROOM_SIGN.finditer(text):
        low, high = max(0, sign.start() - _BEFORE_ROOM), sign.end() + 2
        for named in _NAMED_ROOM.finditer(text, low, high):
            if person().fullmatch(named["name"]):
                yield named.span("home")
        if of := _ROOM_OF.search(text, max(0, sign.start() - 2), sign.end() + _LOOKS_AT):
            yield of.span()


def _set_apart(reading: Reading) -> Iterator[Span]:
    """Yield the homes beside a name where gaps set both apart, in at least two lines: 骆祥　直大方伯巷31号　左腿截肢.

    One of the names has to have a common surname.
    """
    text, view, homes, last, surely = reading.text, reading.squeeze, [], 0, 0
    for gap in _GAP.finditer(text):
        if gap.start() < last:
            continue
        start = text.rfind("\n", 0, gap.start()) + 1
        last = text.find("\n", gap.end()) % (len(text) + 1)
        line = text[start:last]
        if _SIGN.search(line) is None or _IN_OFFICE.search(line) or _OF_FIRM.search(line):
            continue
        separate = _WORD if "  " in line or "\u3000" in line else _SINGLE_WORD
        words = [word.span() for word in separate.finditer(text, start, last) if not _ABOUT.fullmatch(word[0])]
        for (first, stop), (low, high) in itertools.pairwise(words):
            begin, end = view.position(low), view.position(high)
            if _NAME.fullmatch(text, first, stop) and _reads_as_home(view.text, begin, end, sure=True):
                homes.append(Span(begin, end))
                surely += person().fullmatch(text, first, stop) is not None
    if surely and len(homes) >= _SEVERAL:
        yield from homes


def _beside_names(reading: Reading) -> Iterator[Span]:
    """Yield the homes in brackets behind a name, or between commas behind one."""
    view = reading.squeeze
    for name, low, high, sure in itertools.chain(_after_commas(reading.text), _in_brackets(reading.text)):
        if _IN_OFFICE.search(reading.text, max(0, name - _LOOKS_AT), high) or not _SIGN.search(reading.text, low, high):
            continue
        for piece in _PIECE.finditer(reading.text, low, high):
            said = _DWELLER.sub("", piece[0][-3:])
            stop = piece.end() - len(piece[0][-3:]) + len(said)
            begin, end = view.position(piece.start()), view.position(stop)
            room = _DASHED.fullmatch(reading.text, piece.start(), stop) is not None
            if begin < end and (room or _reads_as_home(view.text, begin, end, sure=sure)):
                yield Span(begin, end)


def _after_commas(text: str) -> Iterator[tuple[int, int, int, bool]]:
    """Yield the start of a name, the (start, end) of the text between commas behind it, and False: unsure."""
    for found in _BETWEEN_COMMAS.finditer(text):
        low, high = found.span("said")
        if _SIGN.search(text, low, high) and _PLACE_SAID.fullmatch(text, low, high):
            before = _BEFORE_COMMA.match(text, 0, low)
            if before and (before["about"] or person().fullmatch(before["whole"])):
                yield before.start(), low, high, False


def _in_brackets(text: str) -> Iterator[tuple[int, int, int, bool]]:
    """Yield the start of a name, the (start, end) of the text in brackets behind it, and True: it is about them."""
    for found in _BRACKET.finditer(text):
        before = _BEFORE_BRACKET.match(text, 0, found.start())
        if before and _is_person(before["name"]):
            yield before.start(), *found.span("inside"), True


def _is_person(before: str) -> bool:
    """Return whether the characters in front of a bracket end with a person's name."""
    before = before.removesuffix("家")
    return any(person().fullmatch(before[-size:]) for size in (3, 2, 4) if len(before) >= size)


def _reads_as_home(text: str, begin: int, end: int, *, sure: bool) -> bool:
    """Return whether a text is nothing but a place below the level of a village, and not an office.

    Unless `sure`, it has to begin with a village or what is above one.
    """
    if _DOOR.fullmatch(text, begin, end):
        return True
    if _NOT.search(text, begin, end) or (
        OFFICE_INSIDE.search(text, begin, end) and not _HOUSES.search(text, begin, end)
    ):
        return False
    parts, last = read_parts(text, begin, end, [])
    if last != end or not {"number", "estate", "corner", "hamlet"}.intersection(parts):
        return False
    if not sure:
        return len(parts) > 1 and parts[0] in {"division", "town", "village"}
    if len(parts) > 1 or _ESTATE_NAME.fullmatch(text, begin, end):
        return True
    return _GROUP.fullmatch(text, begin, end) is not None


def _is_name(line: regex.Match[str]) -> bool:
    """Return whether a line begins with a person, and no firm or office is in it."""
    shown = _LINE_END.split(line.string[line.start() : line.end() + _LOOKS_AT].lstrip())[0]
    return person().fullmatch(line["name"]) is not None and not _OF_FIRM.search(shown) and not _IN_OFFICE.search(shown)


def _goes_on(rest: str) -> bool:
    """Return whether a line continues with a person's name or with a word for people only."""
    first = regex.split(r"[,，。；;:：（(\s\u3000]", rest.strip(), maxsplit=1)[0]
    return person().fullmatch(first) is not None or _SOMEBODY.search(rest) is not None
