"""Decides whose address it is: a person's home, or the place of an office, a firm, a building site.

Its label decides: the words in front, the header above, the cell to the left. Without one, the form of the address and
the words behind and inside it do.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.detect.address.office import NEVER_HOME, is_of_offices, is_of_organ, is_office, told_office
from prescan.detect.person_shape import person
from prescan.text.line_edges import LINE_ENDS, line_start

if TYPE_CHECKING:
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Confidence, Span

_CUE_REACH: Final = 30
#: A village that is mentioned without its name: 同村一组.
_VAGUE = regex.compile(r"[同本该我全各][村组社镇](?!.*号)")
#: Details that only dwellings have: hardly any office has 单元 and 室, or 村三组12号.
_DWELLING: Final = frozenset({"room", "unit", "dashed", "plain", "group", "flat", "village", "hamlet"})
_INDOORS = regex.compile(r"室|单元|户$|弄")
_PLACE_BEFORE = regex.compile(
    r"[省市区县旗镇乡村路街道巷弄里院苑园城庭府邸湾居轩阁坊屯]|小区|公寓|家属|宿舍|胡同|[组社队]"
)
#: A group without a house number is an address only if the clause ends with it.
_CLOSED = regex.compile(
    r"[)）,，。；;\t\n|\u2029】]|$|(?:村民|居民|农民|社员|人)(?=[,，。；;)）\n])|(?:村民|居民|社员)(?!代表|会议|小组|委员)(?=\p{Han}{2,4}(?:[,，(（、。]|[来反在因家户系与向称诉]))"
)
#: Who lives in a room without road or estate, directly behind it: 7栋1103室反映…, 12栋304张阿婆.
_RESIDENT = (
    r"的?(?:住户|业主|租户|租客|居民|户主|房东|房客|老人|独居|[这该]户|一户|反映|投诉|漏水|渗水|有人在家"
    r"|\p{Han}(?:先生|女士|小姐)(?=[:：,，]|家|来电|反映|称))"
)
_IN_AN_OFFICE = regex.compile(
    r"联系人|咨询|窗口|办公|值班|监考|会议|教[学室]|病[区房]|[科处股局]室?[长员]?(?=[,，。、;；:：\n]|$)|电话[:：]?0\d{2,3}|经理|老师|主任"
)
_APART = regex.compile(r"[ \xa0]{2}|\u3000")
_WORKS = regex.compile(
    r"工程|道路|硬化|水渠|组长|项目|施工|整治|改造|会议|召开|灌溉|排水|清理|路灯|公路|桥|地块|征地|流转|绿化|站点|选举|负责人"
)
#: Labels that do not tell whose place it is; the text around them does.
_NEUTRAL = regex.compile(
    r"(?:住所地?|通讯地址|通信地址|联系地址|送达地址|收件地址|邮寄地址|收货地址|地址)[:：]?[为是]?$"
)
_PERSON_NEAR = regex.compile(
    r"身份证|公民身份|证件号|性别|出生|[,，、][男女][,，、。]|姓名|(?:被征收人|被拆迁人|被安置人|户主)[:：]?(?!单位)\p{Han}{2,4}|申请人[:：]?(?!单位)\p{Han}{2,4}[,，\n\u2029]|收[件货]人[:：]?(?!单位)\p{Han}{2,4}[,，\s]"
    r"|(?:房东|监护人|家长|业主|患者|死者|伤者|嫌疑人|被害人|来访人)[:：为是]?\p{Han}{2,3}[,，]"
)
_PARTICULARS = regex.compile(
    r"身份证|公民身份|[,，、][男女][,，、。]|\d{17}[\dXx]|(?<!\d)1[3-9]\d{9}(?!\d)|户主|[汉回苗壮满藏]族"
)
_FIRM_NEAR = regex.compile(
    r"公司|企业|信用代码|法定代表人|经营者?|营业|单位|机关|编制|邮编|传真|咨询|举报|受理|办公|[局厅]|中心|委员会|窗口|投标|采购|供应商|招标|代理机构"
    r"|敬老院|福利院|养老院|医院|学校|幼儿园|派出所|服务站|卫生[院室所]|商店|超市|饭店|公交|路线|乘车"
)


#: 坐落于…22号的房屋一处, in a text about who owns it.
_HOUSE_BEHIND = regex.compile(
    r"(?:的|之)?(?:[一二三四五六两0-9]{1,2}[间套处层]|房屋|房产|住房|住宅|商品房|不动产|宅基地|老屋|房子)"
)
_INHERITED = regex.compile(r"继承|遗产|遗嘱|赠与|夫妻共[同有]|离婚|婚[前后]|生前")
#: 到了何阿妹家，…; 身份证…9X 雪堰镇圩塘弄6号.
_AT_HOME = regex.compile(
    r"(?:[到去进访看望问]|走进|来到)了?(?!\p{Han}?[大人国各厂农酒专商])\p{Han}{2,4}家[里中]?[,，:：]$"
    r"|(?:[的其自]家[里中]?|住处)[(（]$|受[灾损]房屋$|(?<!\d)\d{17}[\dXx][,，;；、/]?$"
    r"|[0-9]{1,3}周?岁[,，|、;；]{1,2}$"
)
#: 来信信封所留地址为…, 通信地址改为…, 改寄…: somebody's, if no firm or office is spoken of.
_ADDRESS_GIVEN = regex.compile(
    r"(?:所?留下?|填[写报]|登记|预留|寄送|收信)的?(?:联系|通[讯信]|邮寄)?地址(?:栏写)?[为是:：]{0,2}[(（]?$|改寄$"
    r"|(?:通[讯信]地址|住址|(?:家庭|联系|居住)地址)[^。\n]{0,20}(?:改|变更|更正)[为成至到]$"
)
_OF_FIRM = regex.compile(r"公司|企业|单位|机关|商户|店铺|法定代表人|信用代码|合作社|办公|[局厅馆](?:[,，。;；)）]|$)")
#: 在其位于…的家中.
_HOME_AFTER = regex.compile(
    r"(?:仍有)?户口(?!所在)|(?:大?杂院|平房|宿舍|家属[院楼])?的?老?(?:住户|租户)(?!会|代表|大会|自治)|的?(?:家中|家里|住处|家(?=[,，。；;]))|租房住|(?:内|里)?居住|[,，]\p{Han}{2,3}(?:一个?人)?在家(?![庭长])|(?:看|看望|探望|走访|慰问|找)\p{Han}{1,2}(?:老[太汉爷]|大[爷妈娘叔婶]|奶奶|爷爷|阿[婆公姨]|婆婆)|[,，]\p{Han}{2,3}(?<![局办科处室委站所校院心会司部厂店社组])[(（]?收(?:[)）,，。；;\s]|$)"
)


@functools.cache
def _resident() -> regex.Pattern[str]:
    """Return the pattern of somebody who lives in a place, directly behind it: words for residents, or a name."""
    name = rf"(?:{person().pattern})(?=[,，(（、。]|独居|中风|摔|患|称|反映|投诉|说|一家|夫妇|家)"
    kin = r"\p{Han}{1,2}(?:阿[婆公姨]|大[爷妈娘叔婶]|奶奶|爷爷|婆婆|老[太汉伯])"
    return regex.compile(rf"{_RESIDENT}|的?(?:{name}|{kin})")


@functools.cache
def _member() -> regex.Pattern[str]:
    """Return the pattern of somebody of a group of a village: 金鸡村老鹰岩组 + 胡顺义因…."""
    return regex.compile(rf"(?:{person().pattern})(?=[(（][男女0-9]|[,，][男女]|因[^此而]|家(?!庭农场)|一[户家])")


@functools.cache
def _home_of() -> regex.Pattern[str]:
    """Return the pattern of somebody's home directly behind a place: …12号何满堂家中."""
    return regex.compile(rf"(?:{person().pattern})(?:家中?|家里|的家|住处)(?=[^属长庭人具])")


#: A house number without road or village counts only in an address longer than this.
_SURE_LENGTH: Final = 8
#: Directly behind such a word a shorter one suffices (家住老街口9号).
_DIRECT = regex.compile(
    r"(?:住址|家庭地址|家住|现住|住在|居住[在于]|租住在?|家在|现居|户籍地址?|(?<![居入常原])住)[:：为是]?$"
)
_SHORT_LENGTH: Final = 5


class Found(NamedTuple):
    """An address in the squeeze view."""

    place: Span
    detail: int
    """The start of its detail."""
    kind: str
    """The kind of its detail: the name of a group of the pattern."""
    start: int
    """The start in Document.text."""


def owner(  # noqa: C901, PLR0911  a table of decisions
    rule: Rule, reading: Reading, found: Found
) -> tuple[Confidence, str] | None:
    """Return the confidence that the address is a home and the evidence; None if it is not one."""
    view, place = reading.squeeze, found.place
    text = view.text[place.start : place.end]
    named = named_home(rule, reading, place, found.start)
    behind = _HOME_AFTER.match(view.text, place.end) or _home_of().match(view.text, place.end)
    if named is not True and (behind or (named is None and _left_behind(reading, found))):
        named = True
    if named is False or _VAGUE.match(text) or NEVER_HOME.search(text) or is_of_organ(view.text, place):
        return None
    if named is None and _roomed(reading, found) and not is_office(view.text, place):
        return "likely", "楼栋房号后面写着住户"
    if named is not True and told_office(reading, place):
        return None
    if named and (found.kind != "loose" or (len(text) > _SURE_LENGTH and _PLACE_BEFORE.search(text))):
        return "certain", "周围文字表明是住址"
    if found.kind == "loose":
        direct = (
            named and len(text) >= _SHORT_LENGTH and _DIRECT.search(view.text, max(0, place.start - 8), place.start)
        )
        return ("certain", "周围文字表明是住址") if direct else None
    roster = reading.anatomy.in_roster(found.start)
    if is_office(view.text, place) or (named is None and is_of_offices(reading, place, found.start)):
        return None
    if _NEUTRAL.search(view.text[max(0, place.start - 12) : place.start]):
        told = _told_around(reading, found)
        if told is not None:
            return ("likely", "同一段写有个人情况，像是住址") if told else None
    dwelling = found.kind in _DWELLING or _INDOORS.search(text) or _of_person(reading, found)
    if not (roster or dwelling):
        return None
    if "单元" not in text and not _PLACE_BEFORE.search(view.text, place.start, found.detail + 8):
        return None
    if found.kind == "group" and "号" not in text and not roster and not _closed(reading, found):
        return None
    return "likely", "写到户室或村组，像是住址"


def _left_behind(reading: Reading, found: Found) -> bool:
    """Return whether a house is spoken of as somebody's own: inherited, given, shared by a couple."""
    if not _HOUSE_BEHIND.match(reading.squeeze.text, found.place.end):
        return False
    paragraph = reading.paragraph(found.start)
    low = line_start(reading.text, max(0, paragraph.start - 1))
    return _INHERITED.search(reading.text, low, paragraph.end) is not None


def _roomed(reading: Reading, found: Found) -> bool:
    """Return whether a building and room is followed by who lives there, in a sentence that is about no office."""
    view = reading.squeeze
    if found.kind not in {"room", "unit"} or not _resident().match(view.text, found.place.end):
        return False
    sentence = reading.sentence(found.start, found.start)
    return _IN_AN_OFFICE.search(reading.text, sentence.start, sentence.end) is None


def _of_person(reading: Reading, found: Found) -> bool:
    """Return whether the sentence of a street and number has personal details and mentions no firm."""
    sentence = reading.sentence(found.start, found.start)
    shown = reading.text[sentence.start : sentence.end]
    return _PARTICULARS.search(shown) is not None and _FIRM_NEAR.search(shown) is None


def _closed(reading: Reading, found: Found) -> bool:
    """Return whether the clause ends with the address, and its sentence is not about works there."""
    view, sentence = reading.squeeze, reading.sentence(found.start, found.start)
    around = (
        view.text[view.position(sentence.start) : found.place.start],
        view.text[found.place.end : view.position(sentence.end)],
    )
    end = view.span(found.place.end - 1, found.place.end)[1]
    ends_line = _APART.match(reading.text, end) is not None or reading.text.startswith(tuple(LINE_ENDS), end)
    closed = ends_line or _CLOSED.match(view.text, found.place.end) or _member().match(view.text, found.place.end)
    return bool(closed) and not any(map(_WORKS.search, around))


def _told_around(reading: Reading, found: Found) -> bool | None:
    """Return True if the line and the two above describe a person, False for a firm or office, None for neither."""
    paragraph = reading.paragraph(found.start)
    low = paragraph.start
    for _ in range(2):
        low = line_start(reading.text, max(0, low - 1))
    beside = reading.text[max(paragraph.start, found.start - _CUE_REACH) : paragraph.end].partition("\n")[0]
    if _FIRM_NEAR.search(beside[: 3 * _CUE_REACH]):
        return False
    around = reading.text[low : paragraph.end]
    if _PERSON_NEAR.search(around):
        return True
    return False if _FIRM_NEAR.search(around) else None


def named_home(rule: Rule, reading: Reading, place: Span, start: int) -> bool | None:
    """Return True if the words in front, above or to the left name a home, False for no home, None for neither."""
    held = reading.anatomy.cell_at(start)
    heads = [held[0].header_of(held[1]), held[0].label_of(held[1])] if held else []
    sentence = reading.sentence(start, start)
    low = max(reading.squeeze.position(sentence.start), place.start - _CUE_REACH)
    if _AT_HOME.search(reading.squeeze.text, max(0, place.start - _CUE_REACH), place.start):
        return True
    if _ADDRESS_GIVEN.search(reading.squeeze.text, max(0, place.start - _CUE_REACH), place.start):
        return _OF_FIRM.search(reading.text, sentence.start, sentence.end) is None or None
    for text in (reading.squeeze.text[low : place.start], *("".join(head.split()) for head in heads)):
        home, other = _last_end(text, rule.cues), _last_end(text, rule.not_home)
        if max(home, other) >= 0:
            return home >= other
    return None


def _last_end(text: str, cues: tuple[str, ...]) -> int:
    """Return the end of the last of some cues in `text`, or -1; a one-character cue (住) has to be at the very end."""
    found = _backwards(cues).search(text)
    return found.end() if found else -1


@functools.lru_cache(maxsize=64)
def _backwards(cues: tuple[str, ...]) -> regex.Pattern[str]:
    """Return the pattern of all cues, matched from the end of a text."""
    words = [regex.escape(cue) + (r"\Z" if len(cue) == 1 else "") for cue in cues]
    return regex.compile(rf"(?r)(?:{'|'.join(words) or '(?!)'})(?![室科]|民警|窗口|大厅|业务|政策|派出所)")
