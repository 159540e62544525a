"""The signs for and against a place being somebody's home, which `address/weigh.py` weighs.

They are: how detailed the place is; the text in front of and behind it; whether its sentence, its row or the lines
around it are about a person, or about works, offices, firms, scenery.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.address.office import OFFICE, OFFICE_INSIDE
from prescan.detect.address.owner import named_home
from prescan.detect.person_shape import people, person, squeezed
from prescan.text.line_edges import line_start
from prescan.types import Span

if TYPE_CHECKING:
    from prescan.detect.address.deep import Deep
    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.text.tables import Cell, Table

_BEFORE: Final = 12
#: Somebody lives there, goes back or moves there; something is sent to somebody there.
_LIVES = regex.compile(
    r"(?:住|家住|[独暂寄借现原居常入]住|居|家在|家住在?|家安在|婆家在|娘家在?|老家|老宅在|屋在|户籍在?|户口(?:落)?在|户口迁[到去]了?|"
    r"搬[到去回至]了?|搬离|迁[到往至回]|回到?了?|嫁到|嫁给|投靠|租住在?|租了?|栖身于?|落脚[点处]?[在是]?|守着|送回|接到|去了|跑到|到"
    r"|安葬在?|登记[的在是]+|单位分的房在|系|归属|独居|于)[:：]?$"
)
_LIVES_SURE = regex.compile(
    r"(?:(?<![保抓记站守稳挡拦忍留入困咬卡接])住在?|[独现原居常暂寄]住在?|家[在安]在?|家住|婆家在|娘家在?|老家|老宅在|屋在|户口(?:落|迁)?[在到去]了?|嫁到|租住在?|栖身于?|安身|守着|投靠|独居|住在?[^,，。；;:：]{1,6}[处家])[:：]?$"
)
_GOES: Final = frozenset("到于系在的")
_SENT = regex.compile(r"(?:寄[到往给至]?|汇给|送[到至]|收件处为|投递[到至]|改寄\p{Han}{0,6})[:：]?$")
#: Who lives there, directly behind the place.
_HOUSE_AFTER = regex.compile(
    r"(?:的?(?:家[里中]?(?![电庭乡具])|屋里|住处|老[宅屋房]|住户|村民|居民|村?人(?=[,，。]))|(?:一户|户)(?=[,，。:：])|[女儿侄外]\p{Han}?[儿子甥女孙]家|养[病伤着]|[那这]?[一二两三四间]+[间孔]\p{Han}?[石土窑瓦]?[房窑屋])"
)
_KIN = (
    r"丈夫|妻子?(?=[,，。、])|儿子|女儿|媳妇|母亲|父亲|奶奶|爷爷|外婆|外公|外甥|侄[儿女子]|婆家|娘家|孙[子女]|老伴|老两口|夫妇|夫妻|姐姐|妹妹|哥哥|弟弟|舅|姑姑|叔|婶"
    r"|孤[儿寡]|老人(?=在家|家|一人|[和跟独]居)|独居|五保|低保|残疾|聋哑|患|瘫痪|骨折|留守|离异|离婚|丧偶|老太|老汉|老爷子|婆婆|大爷|大妈|阿婆|阿公|阿姨|大叔|大婶"
)
_ROLE = (
    r"申请人|当事人|被告|原告|失主|事主|报警人|报案人|死者|逝者|伤者|嫌疑人|涉案人|被执行人|被申请人|案外人|被征收人|被访|来访人|被救助|帮扶对象|户主|户名|收[件货]人(?=[:：]?[\u4e00-\u9fff]{2,4}[,，])|房东|房客|租客|承租人"
    r"|租户|学生|家长|患者|病员|受害人|遗属|佃户|证人|失信人|欠款人|借款人|上访人|信访人|监护人|现居|本人|死亡|走失|遗失声明|领取人|货主|住户|儿童|业主|被寻人|乔迁|退休工人|单亲|门牌"
)
KIN_NEAR: Final = re.compile(_KIN)
ROLE_NEAR: Final = re.compile(_ROLE)
#: With many alternatives `re` is faster: it checks the first characters of all of them at once.
PARTICULARS: Final = re.compile(
    r"身份证|公民身份|[,，、][男女][,，、。]|\d{17}[\dXx]|(?<!\d)1[3-9]\d{9}(?!\d)|户籍|(?:[,，(（]|今年|现年)(?:\d{1,3}|[一二三四五六七八九十双百]{1,3})岁|[汉回苗壮满藏]族[,，]|出生|小学文化"
)
_WORKS = re.compile(
    r"工程|项目|建设|施工|整治|改造|修[缮建]|硬化|水[渠池库]|灌溉|排水|清[理淤]|路灯|公路|机耕|征地|征收土地|地块|流转|绿化|采[石砂样]|取土|监测|样地|矿|变电|光伏|标段|桩号|选址|规划|拟建|占地|起点|起于|终点|止于|安装|验收|险情|滑坡|堤|停[水电]|供[水暖电]|护林|巡查|防火|农田"
)
_SCENERY = re.compile(
    r"景[区点]|游客|旅游|遗址|文物|古[道桥树樟镇]|传统村落|烈士|画家|作家|诗人|祖籍|旧址|基地|产业|入选|获评|瀑布|步行|徒步|采风|记者|志愿者|教授|调研|考察|现场会|慰问|察看|示范村|地震|起火|山火|车祸|侧翻|追尾|交通事故|道路|路口|路段|非遗|出产|盛产|村名|地名|命名"
)
_ADMIN = re.compile(
    r"(?:[0-9]+|[一二三四五六七八九十百两]+)个?(?:自然|行政)?(?:村|社区|嘎查|乡镇|街道)(?!.{0,3}组)|全[镇乡县村]|下辖|撤销|并入|合并|涉及|列为|试点|选区|责任[段人]|组长|书记|镇长|乡长|县长|主任|代表|候车点|投票|采样|接种|疫[点区]|安置点|避险|集合|发放点|报名|开诊|教学点|驻地|办公|地址:.*(?:委会|政府)"
)
_FIRM = re.compile(
    r"公司|企业|信用代码|法定代表人|经营|有限|厂(?:址|家|房)|店铺|旅馆|超市|药店|药房|加油站|合作社|农场|农家乐|摊位|作坊|网点|敬老院|养老院|福利院|卫生[院室]|学校|小学|幼儿园|派出所|大厅|中心(?![东南西北路])|招标|投标|采购|拍卖|起拍"
)
_OFFICE_AFTER = regex.compile(
    rf"\p{{Han}}{{0,6}}?(?:{OFFICE}|[所处科股队室](?:$|[,，。;；])|车管所|货场|专窗|[科股]\p{{Han}})"
)
#: Whom to contact, where to come: an office tells its place.
_CONTACT = re.compile(
    r"公交|路线|乘车|咨询|来访(?!人|提出|反映)|窗口|邮编|传真|网址|官网|举报(?!人)|投诉(?!人)|来校|来领|领取|报名|招生|当面|书记员|办理|服务[台站]|工作日|上班时间|现场|填报|递交|来信|邮寄|信函"
    r"|[局股科处](?:[,，。;；(（]|$)|(?<!\d)0\d{2,3}[- ]?\d{7,8}"
)
#: What is said about a house and its papers.
_PAPERS = re.compile(
    r"不动产权|房产证|产权证?|权证|产证|房本|集体土地证|共有|房屋|平米|平方米|㎡|老屋|老宅|宅基|车位|户型|贷款|所购|婚前|继承|过户|房款|物业费|暖气费"
)
#: What only dwellings have, and words for them.
_DWELLING = re.compile(
    r"家属|宿舍|小区|公寓|平房|[0-9一二三四五六七八九]单元|[0-9]室|花园|新村|大院|门洞|东户|西户|胡同|[苑庭邸轩](?=[0-9A-Z一二三四五六七八九])|栋|幢|排|趟"
)
_PERSON_STOPS: Final = (
    r"(?=$|[,，。;；:：(（、\t|\u2029]|家|住|户|现|原|一[户人]|称|说|系|在|搬|回|租|嫁|的|从|被|已|是)"
)


@functools.cache
def _person_at_start() -> regex.Pattern[str]:
    return regex.compile(rf"(?:^|[,，。;；:：(（、\t|\u2029号员户者人工匠丁妻友])(?:{person().pattern}){_PERSON_STOPS}")


@functools.cache
def _person_right_behind() -> regex.Pattern[str]:
    return regex.compile(rf"的?(?:{person().pattern})(?=$|[,，。;；:：(（\t|家本一在拒应称])")


#: A label in front of a value that fills the rest of its line.
_LABEL = regex.compile(
    r"(?:^|[\n\t\u2029|【\[]|\s{2,}|\u3000)(?P<label>\p{Han}(?:\s{0,3}\p{Han}){0,7})\s{0,3}(?:[:：】\]]|\s{2,}|\u3000|\t|=)\s*$"
)
#: A label that does not tell whose place it is, and the signs of a person that count nevertheless.
_NEUTRAL_LABEL = regex.compile(r"(?<![宅居住籍庭])(?:通[讯信]|联系)?地址[:：为是]?$")
_OF_SOMEBODY: Final = frozenset({"particulars", "kin", "role", "papers"})
_LABEL_ENDS: Final = frozenset(":：=")
_LABEL_HOME = regex.compile(
    r"[住居宅屋寄籍租投]|现址|家(?!庭农场)|[哪何]|门牌|户[口籍]|落[地脚户]|投奔|归属|送[达到]|房|通信|跑到|寻访|人在"
)
LABEL_NOT: Final = regex.compile(
    r"公司|单位|企业|铺面|店[面铺]|摊位|项目|工程|建设|施工|办公|经营|注册|会议|受理|办理|咨询|接待|报名|集合|生产|营业|机构|地点|社址|厂址|驻地|坐诊|标的|辖区|位置|起点|终点|授课|来信|信函|去哪|哪办|[医学]院|网点|场所|地块|检查|工地|[局站]$"
)
PERSON_LINE: Final = regex.compile(
    r"姓\s*名|户\s*主|户\s*名|当事人|申请人|失信人|死者|被寻人|学\s*生|孩\s*子|儿\s*童|家\s*长|病\s*员|患\s*者|领取人|租\s*客|遗\s*属|借款人|受助人|投递人|收件人|身\s*份|出\s*生|生\s*日|手\s*机|民\s*族|性\s*别|亲\s*属|监护|陪护|本\s*人|证\s*号"
)
_FIRM_LINE = regex.compile(r"公司|企业|法定代表人|信用代码|招标|采购|项目名称|建设单位|经营者")
_HEAD_PLACES = re.compile(
    r"工程|项目|学校|企业|名称|单位|地块|图斑|河段|灾害|隐患|监测|网点|点位|文物|机井|摄像|路灯|标段|投票|床位|投资|桩号|年代|地类|宗地|合作社|公司|门店|药店|机构|站点|亩|井|河长|安装|深度|级别"
)
_HEAD_PEOPLE = regex.compile(r"户|人|姓|名字|谁|儿童|货主|电话|手机|身份|证件|证号|监护|家长|生病|病|年龄|住")
_PLACE = regex.compile(
    r"(?:[县区市旗镇乡村]|街道|社区|嘎查|苏木)\p{Han}{1,8}?[村路街巷组社屯队苑区园号院村里沟湾坪头口坡岭岩家寨]|[村组社]$"
)
_SHARE: Final = 0.5
_CLOSING: Final = frozenset(",，。;；)）:：」”")
#: Sign → pattern for the clause around a place.
_AROUND: Final = {
    "particulars": PARTICULARS,
    "kin": KIN_NEAR,
    "role": ROLE_NEAR,
    "works": _WORKS,
    "scenery": _SCENERY,
    "admin": _ADMIN,
    "firm": _FIRM,
    "contact": _CONTACT,
    "papers": _PAPERS,
}
_BELOW: Final = ("number", "estate", "corner", "hamlet", "street", "rest")
_LABEL_REACH: Final = 40
_GAPS = re.compile(r"\u3000|[ \t]{2,}")
_LINES_REACH: Final = 160


class Signs:
    """The signs in one document; those of tables and their columns are cached."""

    def __init__(self, rule: Rule, reading: Reading) -> None:
        """Keep the rule, whose cues count, and the document."""
        self.rule, self.reading = rule, reading
        self._columns: dict[tuple[int, int], list[str]] = {}
        self._tables: dict[int, list[str]] = {}

    def of(self, deep: Deep) -> list[str]:
        """Return the signs for and against a place being a home."""
        reading, view = self.reading, self.reading.squeeze
        start = view.span(deep.start, deep.start + 1)[0]
        sentence = reading.sentence(start, start)
        low, high = min(view.position(sentence.start), deep.start), view.position(sentence.end)
        before, after = view.text[low : deep.start], view.text[deep.end : max(high, deep.end)]
        deepest = next((part for part in _BELOW if part in deep.parts), "town")
        found = [f"deepest-{deepest}", "gazetteer" if deep.named else "unknown-town"]
        found += [f"has-{part}" for part in _BELOW if part in deep.parts]
        cue = named_home(self.rule, reading, Span(deep.start, deep.end), start)
        found += ["cue-home"] if cue else ["cue-not"] if cue is False else []
        found += [*_in_front(before), *_behind(after)]
        if deepest != "estate" and OFFICE_INSIDE.search(view.text, deep.start, deep.end):
            found.append("office-inside")
        if _DWELLING.search(view.text, deep.start, deep.end):
            found.append("dwelling")
        around = f"{before}#{after}"
        found += [sign for sign, pattern in _AROUND.items() if pattern.search(around)]
        if _person_at_start().search(around) or _person_at_start().search(_with_gaps(reading, low, deep.start)):
            found.append("person")
        if _NEUTRAL_LABEL.search(before) and _OF_SOMEBODY.isdisjoint(found):
            found.append("place-only")
        held = reading.anatomy.cell_at(start)
        return found + (self._in_table(*held) if held else _in_line(reading.text, start))

    def _in_table(self, table: Table, cell: Cell) -> list[str]:
        """Return the signs of a table and of the column: what it lists, what else is in the column."""
        if table.start not in self._tables:
            self._tables[table.start] = _listed(table)
        key = (table.start, cell.column)
        if key not in self._columns:
            self._columns[key] = _column(table, cell)
        return self._tables[table.start] + self._columns[key]


def _with_gaps(reading: Reading, low: int, high: int) -> str:
    """Return the text in front of a place, with a mark where a gap separates two words: 第一站　何满堂，."""
    if high <= low:
        return ""
    return _GAPS.sub("|", reading.text[slice(*reading.squeeze.span(low, high))])


def _in_front(before: str) -> list[str]:
    near = before[-_BEFORE:]
    if _LIVES_SURE.search(near):
        return ["lives-sure"]
    if _SENT.search(near):
        return ["sent"]
    return ["goes" if near[-1:] in _GOES else "lives"] if _LIVES.search(near) else []


def _behind(after: str) -> list[str]:
    found = [] if after and after[0] not in _CLOSING else ["closed"]
    for sign, pattern in (
        ("house-after", _HOUSE_AFTER),
        ("office-after", _OFFICE_AFTER),
        ("person-after", _person_right_behind()),
    ):
        if pattern.match(after):
            found.append(sign)
    return found


def _in_line(text: str, start: int) -> list[str]:
    """Return the signs of the label in front and of the lines around."""
    before = text[start - 1 : start]
    if before not in _LABEL_ENDS and not before.isspace():
        return []
    label = _LABEL.search(text[line_start(text, start, max(0, start - _LABEL_REACH)) : start])
    if label is None:
        return []
    found = ["label", *_label("".join(label["label"].split()))]
    around = text[max(0, start - _LINES_REACH) : start + _LINES_REACH]
    found += ["person-lines"] if PERSON_LINE.search(around) else []
    return found + (["firm-lines"] if _FIRM_LINE.search(around) else [])


def _label(shown: str) -> list[str]:
    if LABEL_NOT.search(shown):
        return ["label-not"]
    return ["label-home"] if _LABEL_HOME.search(shown) else []


def of_things(table: Table) -> bool:
    """Return whether the headers of a table show that it lists works, offices or plots rather than people."""
    return any(map(_HEAD_PLACES.search, _heads(table)))


def _heads(table: Table) -> list[str]:
    heads = [squeezed(cell) for cell in table.top(max(1, table.header_rows))]
    return heads if table.header_rows else [head for head in heads if head.isalpha()]


def _listed(table: Table) -> list[str]:
    heads = _heads(table)
    found = ["table-of-things"] if any(map(_HEAD_PLACES.search, heads)) else []
    found += ["table-of-people"] if table.lists_people or any(map(_HEAD_PEOPLE.search, heads)) else []
    return found + (["rows-of-people"] if people(table) else [])


def _column(table: Table, cell: Cell) -> list[str]:
    column = [other for other in table.cells if other.column == cell.column and other.row >= table.header_rows]
    places = sum(_PLACE.search(squeezed(other)) is not None for other in column)
    found = ["column-of-places"] if len(column) > 1 and places > _SHARE * len(column) else []
    return found + _label("".join(table.header_of(cell).split()))
