"""Decides whose name it is where the wording beside it leaves no doubt: brackets, signatures, losses, tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.beside import ORGAN, begins_line, has_papers, line_features
from prescan.detect.name.cues import PRIVATE, PUBLIC, TITLE
from prescan.detect.name.headers import holds_post, in_office_column
from prescan.detect.name.role import BRACKET, OFFICE_COLUMN, POST
from prescan.detect.name.said import AGED, IN_NEED, REACH
from prescan.detect.name.spans import COLONS, is_han
from prescan.detect.person_shape import squeezed

if TYPE_CHECKING:
    from prescan.detect.name.cues import Cue
    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import Span

#: Log odds where the wording leaves no doubt.
CLEAR: Final = 3.0
#: A doubtful name directly behind an organ (县医保局…) is rather that of somebody in office.
_DOUBTFUL, _OF_ORGAN, _ORGAN_AT_MOST = 1.0, 0.75, 8
#: (夫), (系其长子), (户主之妻), (已故): a relation, not an office.
_KIN = regex.compile(
    r"(?:系|为|是)?(?:其|他|她|我|本人|户主|死者|伤者|患者|申请人|学生|孩子)?之?(?:[大小长次三幼独养继亲胞岳祖]|外祖?)?"
    r"(?:夫|妻|父|母|子|女|兄|弟|姐|妹|孙|孙[子女]|爷爷|奶奶|外公|外婆|丈夫|妻子|老伴|配偶|[父母]亲|儿子|女儿|儿媳|女婿|媳妇|侄[子女]"
    r"|外甥女?|叔叔|伯父|舅舅|姑姑|姨妈|祖[父母]|监护人|户主|邻居|已故|已去世|已死亡|遗属)"
)
#: A line with the opinion of an office, up to the name that signs it: 村委会意见：情况属实。——
_OPINION = regex.compile(
    r"(?r)(?:^|(?<=[\n\r\t|\u2029]))[^\n\r\t|\u2029:：]{0,16}(?:意见|结论|批示|核实情况)[:：][^\n\r\t|\u2029]{2,80}[。.;；—\s]"
)
#: Phrases about people who are to be appointed: their names are published by law.
_APPOINTED = regex.compile(
    r"[,，][^。;\n\r\t\u2029]{0,60}(?:拟任|拟提[名任拔]|拟推荐|试用期满|现任[^。;\n]{1,20}[长记任员])"
)
_LINE_ENDS = regex.compile(
    r"\s*(?:[(（](?:盖?章|签[章字名])[)）][ \u3000]{2}"
    r"|(?:[(（][^()（）]{1,8}[)）])?\s*(?:(?:\d{4}[年.-])?\d{1,2}[月.-]\d{1,2}日?)?\s*(?:[\n\r\t|\u2029]|$))"
)
_OPINION_AT_MOST: Final = 110
#: ▲何某遗失…，声明作废: somebody who lost a document is a private person.
_LOSES = regex.compile(r"[^。;\n\r\u2029]{0,12}(?:遗失|丢失|被盗)[^\n\r\u2029]{0,80}(?:作废|补发|挂失)")
#: An organ right in front of the name of somebody who works there: 县民政局何某, 镇党政办何某.
_TOUCHING = regex.compile(
    r"(?r)(?:[局厅委股馆站]|(?<![来补代去])办|(?<!厕)所|(?<![住出入转])院|(?<![排插])队|(?<![好到一此何各])处"
    r"|(?<![内外骨儿妇产眼科皮肤神经])科)"
)
#: The form of one person, without any word for an office in the text.
_FORM = regex.compile(r"(?r)(?:^|(?<=[\n\u2029]))姓[ \u3000]+名[ \u3000]+")
_LINE_AT_MOST: Final = 8
#: What only people in a role do, right behind the name, and what they are called.
_OF_ROLE = regex.compile(
    "主持|汇总|讲解|授课|带队|介绍(?!人)|通报(?!批评)|汇报|宣读|宣布|部署|老师(?!傅)|律师(?![费函证])"
)
#: 我所派何某、何某二人, and who signs for a village or a town: 签字：村何某　镇何某.
_SENT = regex.compile(
    r"(?r)(?:[我本][所局站队院办委](?:指?派|派出|安排|指定)"
    r"|签[字名章][:：](?:[村镇乡县组]\p{Han}{2,3} +)*[村镇乡县组])(?:\p{Han}{2,3}、)?"
)
#: Who speaks for an office in a chat: 柳林镇-何某：….
_FOR_OFFICE = regex.compile(r"(?r)(?<![^\n\r\u2029])[\p{Han}]{1,8}[镇乡县区局委办所站院队村][-—–_] ?")
#: 某某招标有限公司，何某，0999-8812345: the contact of a firm.
_FIRM = regex.compile(r"(?r)(?:公司|机构|中心|[局院校所站])[,，]\s?")
_ANSWERS = regex.compile(r"[,，]\s?(?:办公|联系)?(?:电话|座机)?[:：]?\(?0\d{2,3}[\s)-]")
#: 何某被“客服”骗走…, 何某还欠银行贷款…: somebody who was cheated or owes money is a private person.
_HARMED = regex.compile(
    r"被[^。；;，,\n]{0,10}(?:骗|忽悠|诈)|受骗|上当|刷单|收到(?:假冒|冒充)|[还尚仍共]?欠\p{Han}{0,12}[贷款债元钱]|征信|报警(?![人者])|报案(?![人者])"
)
#: 请到三楼找何某复量: the reader is told to contact somebody.
_TURN_TO = regex.compile(r"(?r)(?:请|可|可以|来|到|处|点|厅|室|楼|窗口|[\d-]{7,})[，,]?找\s?")
_REST = regex.compile(r"[ \u3000]{1,6}(?P<rest>[^\n\r\t|\u2029 \u3000][^\n\r\t|\u2029]{1,60})(?=[\n\r\u2029]|$)")
#: Who is asked for there is at work: 请联系刘姐、赵大妈.
_ASKED = regex.compile(r"[请可]联系|咨询|联系人")
#: 由何某负责, 由何某牵头督办: the person in charge; and (警号…) behind a name.
_BY = frozenset("由请")
_IN_CHARGE = regex.compile(
    r"[\p{Han}]{0,4}(?:负责|牵头|主持|督办|包案|跟踪|跟进|主刀|主讲|带队)(?![任人])|\s?[（(,，]\s?(?:警号|工号|执法证|律师证)"
)
_TURN_TO_AT_MOST: Final = 12
_FOR = regex.compile(
    r"\s?(?:[，,、。(（]|复[量核查]|核[对实]|咨询|办理|联系|报[名到]|登记|领取|查询|了解|反映|协商|签[字收])"
)
#: 请各组代表征求意见：一组何某、二组何某: one name for each unit, introduced by what they are.
_OF_UNIT: Final = r"(?:[一二三四五六七八九十\d]{1,3}号?|\p{Han}{1,3})(?:组|队|社|网格|片区?|村|区|班|栋|单元)[：: ]?"
_UNIT = regex.compile(f"(?r){_OF_UNIT}")
_UNIT_ROW = regex.compile(rf"(?r)(?<=[：:，,、；;])(?:{_OF_UNIT}\p{{Han}}{{2,4}}[、，,；;。 ]?)+")
_IN_ROW = regex.compile(
    r"[组队片]长|代表|负责人|责任人|联络员|联系人|网格员|信息员|宣传员|管理员|干部|带队|领队|分工|包片|包组|牵头"
)
_UNIT_AT_MOST: Final = 10
_ROW_AT_MOST: Final = 160
_WITNESSED_AT_MOST: Final = 32
#: At most this is left for whoever does what is done in office, or has an office or a task in front (核查人：何某).
_ACTS: Final = -1.2
#: 填：何某　审：何某, and (军事科) behind a name with no cue for private people in front.
_ACTING = regex.compile(r"(?r)(?:^|(?<=\s))[填审录校编交接记签核制报][:：]\s?")
_OFFICE = regex.compile(r"\p{Han}{1,10}(?:[局股处办室站]|(?<!厕)所|中心|[大中支]队|(?<![内外骨儿妇产眼科皮肤神经])科)")
#: (镇农经站) behind whoever signs as a witness, and the office of the witnesses in front of them.
_OF_OFFICE = regex.compile(
    r"\p{Han}{0,6}[省市县区镇乡村道]\p{Han}{1,8}(?:[局股处办室站委会]|(?<!厕)所|中心|[大中支]队)"
)
_WITNESS = regex.compile(
    r"(?r)(?:见证|证明|在场|经手|收款|验收)人(?:签[名字])?[:：]?[ \u3000]?(?:\p{Han}{2,4}[、 \u3000])?"
)
_WITNESSED = regex.compile(
    r"(?r)(?:[局股处办室站所委会]|中心|[大中支]队)[ \u3000\n\u2029]{1,3}(?:见证|经办|在场|证明)人"
    r"(?:签[名字])?[:：][ \u3000]?(?:\p{Han}{2,4}[、 \u3000]){0,3}"
)
#: 何某、何某等六户: people who are visited or whose homes are counted.
_OF_HOMES = regex.compile(
    r"(?:、\p{Han}{2,4}){0,6}等[\d一二两三四五六七八九十]{1,3}"
    r"(?:户|[名位](?:群众|村民|居民|住户|业主|患者|老人|困难|脱贫|低保))(?![“\"])"
)
#: Employees of firms and shops as well as of offices.
_EMPLOYED: Final = frozenset(
    "收费员 仓管员 仓管 保管员 采购员 收银员 保育员 化验员 检验员 技术员 施工员 资料员 质检员".split()
)
#: An office right in front of a name, and nothing that says it is over.
_HOLDS = regex.compile(
    r"(?r)(?<![原前]任?|退休|离休|离任)\p{Han}{0,4}"
    r"(?:书记|支书|主任|主席|常委|政委|教导员|指导员|专员|法官|检察官|警官|教授|院士|烈士|英烈)"
)
#: What public cues for a person end with: in 批准何某户 the cue tells an action.
_OFFICIALS: Final = frozenset("人员者长师警表干导家计书纳")
_PAPER_COLUMN = regex.compile(
    r"身份证|证件号|证号|准考证|考号|护照|通行证|社保|公积金|学号|学籍号|银行卡|卡号|[账帐]号|病案号|住院号"
)
#: 何某为…, 何某系我镇…
_COPULA = regex.compile(r"(?:被列?|现)?[为系是](?:[我本该][镇乡村县市]|\p{Han}{2}[镇村])?(?:重点|监测)?")
_COPULA_AT_MOST: Final = 6
_PRIVATE_NAME = regex.compile(r"(?:姓名|户主|户名|学生|考生|患者|申请人)(?:姓名)?(?:[（(].*)?")


def settled(page: NamePage, span: Span, score: float) -> float:
    """Return the log odds that a name is a private person's: `score`, or a fixed value where the place decides.

    A relation in brackets, a document in the row, and a loss are private; an office in brackets, a signed opinion,
    a proposed appointment, and being the contact are public.
    """
    if in_office_column(page, span):
        return min(score, -CLEAR)
    if span.form == "called":
        asked = _ASKED.search(page.text, page.sentence_start(span.start), span.start)
        return min(score, -CLEAR) if asked else max(score, CLEAR)
    bracket = BRACKET.match(page.text, span.end)
    if _is_private(page, span, bracket):
        return max(score, CLEAR)
    before, distance = page.nearest_before(span.start)
    private = before is not None and before.kind == PRIVATE and distance <= 1
    if _is_public(page, span, bracket) or (_APPOINTED.match(page.text, span.end) and not private):
        return min(score, -CLEAR)
    if holds_post(page, span) or _acts(page, span) or (before and distance <= 1 and _is_office(page, before, distance)):
        return min(score, _ACTS)
    if bracket and _OFFICE.fullmatch(bracket["inside"]) and not private:
        score -= _OF_ORGAN
    of_organ = score < _DOUBTFUL and ORGAN.match(page.text, max(0, span.start - _ORGAN_AT_MOST), span.start)
    return score - _OF_ORGAN if of_organ else score


def _is_private(page: NamePage, span: Span, bracket: regex.Match[str] | None) -> bool:
    """Return whether what is told of somebody is told of private people only."""
    text, end = page.text, span.end
    kin = bracket is not None and _KIN.fullmatch(bracket["inside"]) is not None
    told = kin or IN_NEED.match(text, end, end + REACH) or _HARMED.match(text, end) or _OF_HOMES.match(text, end)
    if told or (AGED.match(text, end, end + REACH) and not _has_post(page, span)):
        return True
    if _FORM.match(text, max(0, span.start - _LINE_AT_MOST), span.start) and all(c.kind == PRIVATE for c in page.cues):
        return True
    return has_papers(page, span) or _owns_row(page, span) or _loses(page, span) or _is_called_private(page, span)


def _is_called_private(page: NamePage, span: Span) -> bool:
    """Return whether a sentence says that somebody is one of a kind of private people: 何某为社区矫正对象."""
    after, _ = page.nearest_after(span.end, _COPULA_AT_MOST)
    if after is None or after.kind != PRIVATE:
        return False
    return _COPULA.fullmatch(page.text, span.end, after.start) is not None


def _is_public(page: NamePage, span: Span, bracket: regex.Match[str] | None) -> bool:
    """Return whether a bracket, a signature, an errand or a task shows that somebody is in office."""
    text = page.text
    if bracket:
        inside = bracket["inside"]
        if page.ends_with_post(*bracket.span("inside")) and not _was(page, span, inside):
            return True
        if _OF_OFFICE.fullmatch(inside) and _WITNESS.match(text, max(0, span.start - _TURN_TO_AT_MOST), span.start):
            return True
    witnessed = _WITNESSED.match(text, max(0, span.start - _WITNESSED_AT_MOST), span.start) is not None
    return witnessed or _signs_opinion(text, span) or _is_turned_to(text, span) or _is_in_charge(text, span)


def _acts(page: NamePage, span: Span) -> bool:
    """Return whether somebody does what is done in office, or is in a row of those in charge of a unit each."""
    text = page.text
    acting = _ACTING.match(text, max(0, span.start - 4), span.start) or _OF_ROLE.match(text, span.end)
    low = max(0, span.start - _TURN_TO_AT_MOST)
    if _SENT.match(text, low, span.start):
        return True
    if text[span.end : span.end + 1] in COLONS and _FOR_OFFICE.match(text, low, span.start):
        return True
    return acting is not None or _leads_unit(page, span) or _is_listed(page, span)


def _is_listed(page: NamePage, span: Span) -> bool:
    """Return whether a name has a line of its own, with an office behind a gap: 汤　涛　　副部长."""
    behind = _REST.match(page.text, span.end)
    if behind is None or not begins_line(page.text, span.start):
        return False
    return page.ends_with_post(*behind.span("rest")) or page.cue_of(behind["rest"]) == TITLE


def _is_office(page: NamePage, cue: Cue, distance: int) -> bool:
    """Return whether a cue in front of a name is an office or a task that a private person hardly has."""
    word = page.text[cue.start : cue.end]
    if cue.kind == PUBLIC:
        return word[-1] in _OFFICIALS and (distance > 0 or word not in _EMPLOYED)
    if cue.kind != TITLE or distance:
        return False
    return word[-1] == "长" or _HOLDS.match(page.text, max(0, cue.start - 2), cue.end) is not None


def _leads_unit(page: NamePage, span: Span) -> bool:
    """Return whether a name is in a row of one for each group or village that is introduced as those in charge."""
    text = page.text
    if not _UNIT.match(text, max(0, span.start - _UNIT_AT_MOST), span.start):
        return False
    begin = page.line_mark_before(span.start) + 1
    row = _UNIT_ROW.match(text, max(begin, span.start - _ROW_AT_MOST), span.end + 1)
    return (
        row is not None and _IN_ROW.search(text, max(begin, row.start() - _UNIT_AT_MOST * 3), row.start()) is not None
    )


def _was(page: NamePage, span: Span, inside: str) -> bool:
    """Return whether a bracket tells what a private person was before: 证人何某（原车间班长）."""
    before, distance = page.nearest_before(span.start)
    return inside[0] in "原前" and before is not None and before.kind == PRIVATE and distance <= 1


def _has_post(page: NamePage, span: Span) -> bool:
    """Return whether an office is mentioned directly behind other details about a person."""
    after, _ = page.nearest_after(span.end, REACH)
    return (after is not None and after.kind != PRIVATE) or POST.match(page.text, span.end) is not None


def _signs_opinion(text: str, span: Span) -> bool:
    """Return whether a name signs a line with the opinion of an office."""
    low = max(0, span.start - _OPINION_AT_MOST)
    return _LINE_ENDS.match(text, span.end) is not None and _OPINION.match(text, low, span.start) is not None


def _is_turned_to(text: str, span: Span) -> bool:
    """Return whether the reader is told to contact somebody."""
    low = max(0, span.start - _TURN_TO_AT_MOST)
    if _ANSWERS.match(text, span.end) and _FIRM.match(text, low, span.start):
        return True
    return _FOR.match(text, span.end) is not None and _TURN_TO.match(text, low, span.start) is not None


def _is_in_charge(text: str, span: Span) -> bool:
    """Return whether somebody is said to be in charge, has a number given by an office, or follows an organ."""
    if _TOUCHING.match(text, max(0, span.start - 2), span.start):
        return True
    match = _IN_CHARGE.match(text, span.end)
    return match is not None and (not is_han(match[0][0]) or text[span.start - 1 : span.start] in _BY)


def _loses(page: NamePage, span: Span) -> bool:
    return begins_line(page.text, span.start) and _LOSES.match(page.text, span.end) is not None


def _owns_row(page: NamePage, span: Span) -> bool:
    """Return whether a name is under 姓名 in a row with the number of a document, in a table without offices."""
    place = page.cell(span)
    if not place or squeezed(place[1]) != span.name or "lni" not in line_features(page, span):
        return False
    table, cell = place
    header = "".join(table.header_of(cell).split())
    heads = "".join(other.text for other in table.top(max(1, table.header_rows)))
    return (
        _PRIVATE_NAME.fullmatch(header) is not None
        and _PAPER_COLUMN.search(heads) is not None
        and OFFICE_COLUMN.search(heads) is None
    )
