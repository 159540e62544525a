"""Tells by the words around and inside a place, and by its table, that it is that of an office, a firm or works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.person_shape import squeezed
from prescan.numbers import NUMBERS

if TYPE_CHECKING:
    from prescan.detect.reading import Reading
    from prescan.types import Span

_OFFICE_REACH: Final = 8
#: Words that name an office or another public place; not as part of the name of a road or village (马厂镇, 车站路).
OFFICE: Final = (
    r"(?:政府|政务|行政|大厅|大楼|大厦|中心|窗口|会议室|服务站|办公|委员会|派出所|法院|检察院|[局馆站厂店]|(?:供销|信用)社|公司"
    r"|医院|卫生[院室]|教学点|学院|研究院|福利院|敬老院|养老院|剧院|党校"
    r"|学校|小学|中学|大学|幼儿园|接待|收发室|信箱|车间|教室|实验室|科技园|产业园|工业园|写字楼|广场|市场|商场|(?:商贸|商|建材|家居|五金)城|酒店|宾馆"
    r"|(?<![小社地片])[县市镇]委(?![员会])|机关大院|停车场|货场|料场|警务室|活动室|党群|礼堂|食堂|车站|营业厅|支行|银行|商铺|门面|指挥部|仓库|园区)(?![路街巷镇乡村庄屯湾坪弄旁]|胡同|社区|家属|宿舍|职工|员工|平房|楼上|院内平房|对面|隔壁|背后|后[面院边巷街]|[东西南北]侧|旧院|老院)"
)
_OFFICE_AFTER = regex.compile(rf"[(（]?[^，。；,;()（）\s]{{0,10}}(?:{OFFICE})")
_OFFICE_BEFORE = regex.compile(
    rf"(?:(?:{OFFICE}|局|户籍室|值班室|调解室|信访室|[乡镇县市区局所院校]\p{{Han}}{{2,5}}[科股室])(?:[(（][0-9A-Z]{{15,18}}[)）][,，]|[,，][0-9A-Z]{{18}}[,，]|[(（:：])|指挥部"
    r"|(?:申诉|上诉|起诉|复议|投诉|举报|咨询|领取|办理|报名|缴纳|查询|查阅)[(（]|(?:gov|edu)cn[,，;；]?(?:地址[:：]?)?)$"
)
#: An organ, its head, and then its address: 某医院，住所地…; 某中心，主任：何某，地址：….
_ORGAN_REACH: Final = 64
_OF_ORGAN = regex.compile(
    r"(?:公司|医院|中心|学校|法院|委员会|卫生院|[局厂店所社部])(?:[(（][0-9A-Z]{15,18}[)）])?"
    r"(?:[，,]?(?:负责人|主任|院长|局长|经理|所长|校长|厂长|社长|法定代表人)[:：]?\p{Han}{2,4})?[，,]?(?:住所地?|地址|注册地址|办公地址)[:：]?$"
)
#: An organ, its place, and whom to ask for there: 采购人：某联合会，…12号，联系人….
_ORGAN_BEFORE = regex.compile(r"(?:[会局厅院校站馆店厂社]|公司|中心)[)）]?[,，]$")
_CONTACT_BEHIND = regex.compile(r"[,，;；]?(?:联系人|邮编|传真|咨询|店长|经办|负责人|经理)")
#: What people do at an office: come, look, explain; or something that is set up there.
_USED_AS = regex.compile(
    r"[)）]?(?:设(?:立|置|有|了|[一二两三四0-9])|设\p{Han}{0,6}[点站岗]|查看|查阅|说明|领取|领奖|办理|报名|提交|递交|缴纳|缴费|集合|开会|召开|举行|(?:内|里)?抓获)"
    r"|(?:提出|反映|申报|参加|登记|咨询|受理|复核)"
    r"|的?\p{Han}{0,4}(?:日租房|旅[馆社店]|招待所|宾馆|酒店|民宿)(?!旁|对面|隔壁|后)"
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
    r"|(?:[室心站点处所局队店库房场厂]|公司|企业|地块|项目|机构|单位|[疫灾险采]点|医院|学校)(?<!住房|住所|住处|房[屋产]|平房|出租房|老[宅屋房]|新房|楼房|土房|处所)(?:[设位]|坐落|搬迁|迁)[在于至到]|(?:存放|堆放|扣押|暂存|储存|停放|查封)[在于至到]|(?:注册|经营|办公|生产|营业|施工|建设|项目|检查)(?:地址?|地点|场所)[:：]?[为是在]?|[委局厅院所站校厂司部]地址[:：]?|(?:任职|就职|供职)[于在]|(?:接种|采样|投放|服务|发放|安置|集合|代办|收购)点[:：]?)$"
)
#: A row with a firm and its head.
_FIRM_ROW = regex.compile(
    r"公司[^\n]{0,4}[（(，,]?(?:法定代表人|负责人)|[（(](?:法定代表人|法人)\p{Han}{2,4}[)）]|[|｜\t]\s*(?:集体|国有)\s*[|｜\t]"
)
#: A range of house numbers is a street and no home (兴业路1—55号); a range of groups is a village (后坪村1—4组).
_STRETCH = regex.compile(r"[0-9０-９]\s?[—–～~至]\s?[0-9０-９]+\s?号$")
_GROUPS = regex.compile(r"村[0-9]{1,2}[-—–～~至][0-9]{1,2}[组社队]$")
OFFICE_INSIDE: Final = regex.compile(OFFICE)
#: Behind the name of an office, these make a dwelling of it again: 机厂家属院.
_DWELLING_INSIDE = regex.compile(r"家属[院楼区]|宿舍|小区|公寓|新村|花园|花苑|家园|佳苑")
#: Never a home, whatever is in front.
NEVER_HOME: Final = regex.compile(
    r"招生办|报名[点处]|接待[处室]|登记处|医院(?!公寓|宿舍|家属|职工|护士|集体|旁|对面|隔壁|后)|住院部|酒店|宾馆|看守所|监狱|拘留所|会议室|窗口|日期|机场(?!路)|(?:旅[馆社]|日租房)(?!旁|对面|隔壁|后)"
    # the dormitory of a works without a name, the house of relatives somewhere in a town
    r"|(?<!(?![住在到于])\p{Han})(?:工地|厂区|厂里|矿上)\p{Han}{0,4}(?:板房|宿舍|工棚)"
    r"|(?<!(?![住在到于去])\p{Han})(?:[镇县城村市街][上里城内]|\p{Han}{2})(?:姨妈?|舅舅?|姑姑?|外[婆公]|奶奶|爷爷|女儿|儿子|姐姐?|妹妹|哥哥|弟弟|亲戚|朋友|同学|丈母娘)家$"
)
#: Works on a building rather than somebody's home.
_WORKS_AFTER = regex.compile(r"(?:楼道)?(?:加装|增设|电梯|屋面|外墙|停[水电气]|管网|供[暖热水电]|既有住宅)")
_OFFICES_HEAD = regex.compile(
    r"^(?:学校|单位|企业|机构|公司|门店|药店|商户|卫生室|网点|站点|项目|工程|场所|合作社|幼儿园|养老院|企业单位)(?:名称|全称)?$"
)
_PEOPLE_HEAD = regex.compile(r"姓名|户主|联系人|申请人|业主|村民|居民|住户")


def is_of_offices(reading: Reading, place: Span, start: int) -> bool:
    """Return whether a place is in a table of schools, firms, clinics or works, or in front of works on it.

    `start` is its start in Document.text.
    """
    if _WORKS_AFTER.match(reading.squeeze.text, place.end):
        return True
    table = reading.anatomy.table_at(start)
    if table is None or not table.header_rows:
        return False
    heads = [squeezed(cell) for cell in table.top(table.header_rows)]
    return any(map(_OFFICES_HEAD.search, heads)) and not any(map(_PEOPLE_HEAD.search, heads))


def is_office(text: str, place: Span) -> bool:
    """Return whether an office is named inside the address (with no dwelling behind it) or directly behind it."""
    inside = [match.end() for match in OFFICE_INSIDE.finditer(text, place.start, place.end)]
    home = [match.end() for match in _DWELLING_INSIDE.finditer(text, place.start, place.end)]
    if inside and (not home or home[-1] < inside[-1]):
        return True
    before = text[max(0, place.start - _OFFICE_REACH) : place.start]
    return bool(_OFFICE_BEFORE.search(before) or _OFFICE_AFTER.match(text, place.end))


def is_of_organ(text: str, place: Span) -> bool:
    """Return whether an organ is named directly in front of a place, with or without its head."""
    return _OF_ORGAN.search(text, max(0, place.start - _ORGAN_REACH), place.start) is not None


def told_office(reading: Reading, place: Span) -> bool:
    """Return whether the text directly around a place, or its own last words, show that it is an office's."""
    text = reading.squeeze.text
    shown = text[place.start : place.end]
    start, end = reading.squeeze.span(*place)
    return is_of_organ(text, place) or bool(
        _OFFICE_BEFORE.search(text[max(0, place.start - 3 * _OFFICE_REACH) : place.start])
        or _USED_AS.match(text, place.end)
        or (_CONTACT_BEHIND.match(text, place.end) and _ORGAN_BEFORE.search(text, max(0, place.start - 4), place.start))
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
