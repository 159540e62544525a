"""Decides whose address it is: a person's home, or the place of an office, a firm, a building site.

Its label decides: the words in front, the header above, the cell to the left. Without one, the form of the address and
the words behind and inside it do.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.detect.person_shape import person, squeezed
from prescan.numbers import NUMBERS
from prescan.text.line_edges import LINE_ENDS, line_start

if TYPE_CHECKING:
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Confidence, Span

_CUE_REACH: Final = 30
_OFFICE_REACH: Final = 8
#: Words that name an office or another public place; not as part of the name of a road or village (马厂镇, 车站路).
OFFICE: Final = (
    r"(?:政府|政务|行政|大厅|大楼|大厦|中心|窗口|会议室|服务站|办公|委员会|派出所|法院|检察院|[局馆站厂店]|公司"
    r"|医院|卫生[院室]|教学点|学院|研究院|福利院|敬老院|养老院|剧院|党校"
    r"|学校|小学|中学|大学|幼儿园|接待|收发室|信箱|车间|教室|实验室|科技园|产业园|工业园|写字楼|广场|市场|商场|(?:商贸|商|建材|家居|五金)城|酒店|宾馆"
    r"|(?<![小社地片])[县市镇]委(?![员会])|机关大院|停车场|货场|料场|警务室|活动室|党群|礼堂|食堂|车站|营业厅|支行|银行|商铺|门面|指挥部|仓库|园区)(?![路街巷镇乡村庄屯湾坪弄旁]|胡同|社区|家属|宿舍|职工|员工|平房|楼上|院内平房|对面|隔壁|背后|后[面院边巷街]|[东西南北]侧|旧院|老院)"
)
_OFFICE_AFTER = regex.compile(rf"[(（]?[^，。；,;()（）\s]{{0,10}}(?:{OFFICE})")
_OFFICE_BEFORE = regex.compile(
    rf"(?:(?:{OFFICE}|局|户籍室|值班室|调解室|信访室|[乡镇县市区局所院校]\p{{Han}}{{2,5}}[科股室])(?:[(（][0-9A-Z]{{15,18}}[)）][,，]|[(（:：])|指挥部)$"
)
#: An organ, its head, and then its address: 某医院，住所地…; 某中心，主任：何某，地址：….
_ORGAN_REACH: Final = 64
_OF_ORGAN = regex.compile(
    r"(?:公司|医院|中心|学校|法院|委员会|卫生院|[局厂店所社部])(?:[(（][0-9A-Z]{15,18}[)）])?"
    r"(?:[，,]?(?:负责人|主任|院长|局长|经理|所长|校长|厂长|社长|法定代表人)[:：]?\p{Han}{2,4})?[，,]?(?:住所地?|地址|注册地址|办公地址)[:：]?$"
)
#: What people do at an office: come, look, explain; or something that is set up there.
_USED_AS = regex.compile(
    r"[)）]?(?:设(?:立|置|有|了|[一二两三四0-9])|设\p{Han}{0,6}[点站岗]|查看|查阅|说明|领取|领奖|办理|报名|提交|递交|缴纳|缴费|集合|开会|召开|举行)"
    r"|(?:提出|反映|申报|参加|登记|咨询|受理|复核)"
)
#: The name of an office, inside an address or at its end.
_OFFICE_NAMED = regex.compile(
    r"(?:政务|便民|办事|服务|审批)\p{Han}{0,4}(?:中心|大厅)|大厅|门诊|住院部|指挥部|派出所|法院|检察院|税务所|司法所|财政所"
    r"|(?:经侦|刑侦|交警|治安|执法|禁毒|特警|巡警|消防|稽查|监察|车管)\p{Han}{0,3}(?:[大支中总]队|所)"
    r"|(?:加工坊|作坊|经营部|商行|合作社|养殖场|工作室|农场|林场|[饭商酒药]店|公司)$"
)
#: 统一社会信用代码.
_CODE = regex.compile(rf"(?<![0-9A-Za-z])(?:{NUMBERS['uscc'].PATTERN})(?![0-9A-Za-z])")
#: An office, or a word of offices and firms for their place, directly in front: 保卫处丹霞路485号, 注册地科苑北园12栋.
_UNIT_BEFORE = regex.compile(
    r"(?:(?:保卫|办事|接待|管理|总务|后勤|教务|人事|财务|基建)处|\p{Han}{2}(?:派出所|中心|大队|委员会|办公室|公司|医院)"
    r"|(?:[室心站点处所局队店库房场厂]|公司|企业|地块|项目|机构|单位|[疫灾险采]点|医院|学校)(?<!住房|住所|住处|房[屋产]|平房|出租房|老[宅屋房]|新房|楼房|土房|处所)(?:[设位]|坐落|搬迁|迁)[在于至到]|(?:存放|堆放|扣押|暂存|储存|停放|查封)[在于至到]|(?:注册|经营|办公|生产|营业|施工|建设|项目|检查)(?:地址?|地点|场所)[:：]?[为是在]?|[委局厅院所站校厂司部]地址[:：]?|(?:接种|采样|投放|服务|发放|安置|集合|代办|收购)点[:：]?)$"
)
#: A village that is mentioned without its name: 同村一组.
_VAGUE = regex.compile(r"[同本该我全各][村组社镇](?!.*号)")
#: A row with a firm and its head.
_FIRM_ROW = regex.compile(
    r"公司[^\n]{0,4}[（(，,]?(?:法定代表人|负责人)|[（(](?:法定代表人|法人)\p{Han}{2,4}[)）]|[|｜\t]\s*(?:集体|国有)\s*[|｜\t]"
)
#: A range of house numbers is a street and no home (兴业路1—55号); a range of groups is a village (后坪村1—4组).
_STRETCH = regex.compile(r"[0-9０-９]\s?[—–～~至]\s?[0-9０-９]+\s?号$")
_GROUPS = regex.compile(r"村[0-9]{1,2}[-—–～~至][0-9]{1,2}[组社队]$")
_OFFICE_INSIDE = regex.compile(OFFICE)
#: Behind the name of an office, these make a dwelling of it again: 机厂家属院.
_DWELLING_INSIDE = regex.compile(r"家属[院楼区]|宿舍|小区|公寓|新村|花园|花苑|家园|佳苑")
#: Never a home, whatever is in front.
NEVER_HOME: Final = regex.compile(
    r"招生办|报名[点处]|接待[处室]|登记处|医院(?!公寓|宿舍|家属|职工|护士|集体|旁|对面|隔壁|后)|住院部|酒店|宾馆|看守所|监狱|拘留所|会议室|窗口"
)
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
_RESIDENT = r"的?(?:住户|业主|租户|租客|居民|户主|房东|房客|老人|独居|[这该]户|一户|反映|投诉|漏水|渗水|有人在家)"
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
    r"身份证|公民身份|证件号|性别|出生|[,，、][男女][,，、。]|姓名|申请人[:：]?(?!单位)\p{Han}{2,4}[,，\n\u2029]|收[件货]人[:：]?(?!单位)\p{Han}{2,4}[,，\s]"
)
_PARTICULARS = regex.compile(
    r"身份证|公民身份|[,，、][男女][,，、。]|\d{17}[\dXx]|(?<!\d)1[3-9]\d{9}(?!\d)|户主|[汉回苗壮满藏]族"
)
_FIRM_NEAR = regex.compile(
    r"公司|企业|信用代码|法定代表人|经营者?|营业|单位|机关|编制|邮编|传真|咨询|举报|受理|办公|[局厅]|中心|委员会|窗口|投标|采购|供应商|招标|代理机构"
    r"|敬老院|福利院|养老院|医院|学校|幼儿园|派出所|服务站|卫生[院室所]|商店|超市|饭店|公交|路线|乘车"
)


#: 在其位于…的家中.
_HOME_AFTER = regex.compile(
    r"(?:仍有)?户口(?!所在)|的?(?:家中|家里|住处|家(?=[,，。；;]))|租房住|(?:内|里)?居住|[,，]\p{Han}{2,3}(?<![局办科处室委站所校院心会司部厂店社组])[(（]?收(?:[)）,，。；;\s]|$)"
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
#: Works on a building rather than somebody's home.
_WORKS_AFTER = regex.compile(r"(?:楼道)?(?:加装|增设|电梯|屋面|外墙|停[水电气]|管网|供[暖热水电]|既有住宅)")
_OFFICES_HEAD = regex.compile(
    r"^(?:学校|单位|企业|机构|公司|门店|药店|商户|卫生室|网点|站点|项目|工程|场所|合作社|幼儿园|养老院|企业单位)(?:名称|全称)?$"
)
_PEOPLE_HEAD = regex.compile(r"姓名|户主|联系人|申请人|业主|村民|居民|住户")


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
    if named is not True and (_HOME_AFTER.match(view.text, place.end) or _home_of().match(view.text, place.end)):
        named = True
    if named is False or _VAGUE.match(text) or NEVER_HOME.search(text) or _of_organ(view.text, place):
        return None
    if named is None and _roomed(reading, found) and not _is_office(view.text, place):
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
    if _is_office(view.text, place) or (named is None and _of_offices(reading, found)):
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


def _roomed(reading: Reading, found: Found) -> bool:
    """Return whether a building and room is followed by who lives there, in a sentence that is about no office."""
    view = reading.squeeze
    if found.kind not in {"room", "unit"} or not _resident().match(view.text, found.place.end):
        return False
    sentence = reading.sentence(found.start, found.start)
    return _IN_AN_OFFICE.search(reading.text, sentence.start, sentence.end) is None


def _of_offices(reading: Reading, found: Found) -> bool:
    """Return whether a place is in a table of schools, firms, clinics or works, or in front of works on it."""
    if _WORKS_AFTER.match(reading.squeeze.text, found.place.end):
        return True
    table = reading.anatomy.table_at(found.start)
    if table is None or not table.header_rows:
        return False
    heads = [squeezed(cell) for cell in table.top(table.header_rows)]
    return any(map(_OFFICES_HEAD.search, heads)) and not any(map(_PEOPLE_HEAD.search, heads))


def _of_person(reading: Reading, found: Found) -> bool:
    """Return whether the sentence of a street and number has personal details and mentions no firm."""
    sentence = reading.sentence(found.start, found.start)
    shown = reading.text[sentence.start : sentence.end]
    return _PARTICULARS.search(shown) is not None and _FIRM_NEAR.search(shown) is None


def _is_office(text: str, place: Span) -> bool:
    """Return whether an office is named inside the address (with no dwelling behind it) or directly behind it."""
    inside = [match.end() for match in _OFFICE_INSIDE.finditer(text, place.start, place.end)]
    home = [match.end() for match in _DWELLING_INSIDE.finditer(text, place.start, place.end)]
    if inside and (not home or home[-1] < inside[-1]):
        return True
    before = text[max(0, place.start - _OFFICE_REACH) : place.start]
    return bool(_OFFICE_BEFORE.search(before) or _OFFICE_AFTER.match(text, place.end))


def _of_organ(text: str, place: Span) -> bool:
    """Return whether an organ is named directly in front of a place, with or without its head."""
    return _OF_ORGAN.search(text, max(0, place.start - _ORGAN_REACH), place.start) is not None


def told_office(reading: Reading, place: Span) -> bool:
    """Return whether the text directly around a place, or its own last words, show that it is an office's."""
    text = reading.squeeze.text
    shown = text[place.start : place.end]
    start, end = reading.squeeze.span(*place)
    return _of_organ(text, place) or bool(
        _OFFICE_BEFORE.search(text[max(0, place.start - 3 * _OFFICE_REACH) : place.start])
        or _USED_AS.match(text, place.end)
        or (_OFFICE_NAMED.search(shown) and not _DWELLING_INSIDE.search(shown))
        or _STRETCH.search(reading.text, start, end)
        or _GROUPS.search(reading.text, start, end + 1)
        or row_of_firm(reading, start)
        or _UNIT_BEFORE.search(text, max(0, place.start - _OFFICE_REACH), place.start)
    )


def row_of_firm(reading: Reading, start: int) -> bool:
    """Return whether a place is in a table row with the code of an organisation."""
    held = reading.anatomy.cell_at(start)
    if held is None:
        return False
    table, cell = held
    found = [code[0] for code in _CODE.finditer(reading.text, *table.row_of(cell))]
    if any(NUMBERS["uscc"].is_valid(code) and not NUMBERS["resident_id"].is_valid(code) for code in found):
        return True
    return _FIRM_ROW.search(reading.text, *table.row_of(cell)) is not None


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
