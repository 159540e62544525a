"""Features of the role model, which tells whether a name is a private person's or that of somebody in a public role.

Labels, titles, table headers, the words of the clause, the cues on both sides, the line above, the kind of document.
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.name.beside import beside, line_features
from prescan.detect.name.features import cell_features
from prescan.detect.name.headers import of_column
from prescan.detect.name.spans import HAN_RUN
from prescan.text.chinese import words
from prescan.text.line_edges import line_start

if TYPE_CHECKING:
    from prescan.detect.name.page import NamePage
    from prescan.detect.name.spans import Span

#: Text in brackets directly behind a name.
BRACKET = regex.compile(r"\s?[(（](?P<inside>[^()（）]{1,16})[)）]")
_ADDRESSED = regex.compile(r"\s?(?:先生|女士|同志|同学|小姐|居士|老师)?\s?[:：]\s*(?:[\n\r\u2029]|$)")
POST = regex.compile(r"[^。;\n\r\t\u2029]{0,50}(?:现任|拟任|曾任|历任|担任|兼任|任职|中共党员)")
#: What introduces a name: a word, brackets with an action (签名), a colon, a space.
_LEAD = regex.compile(r"(?r)(?P<word>\p{Han}{1,4})(?P<gap> {0,2}(?:[(][^()\n]{1,6}[)])? {0,2}:? {0,3})")
_LEAD_AT_MOST: Final = 16
#: A landline number behind a name or behind its list.
_OFFICE_LINE = regex.compile(
    r"(?:[、和 /]{1,2}\p{Han}(?: ?\p{Han}){1,3}){0,3}[,:;( ]{0,3}\p{Han}{0,4}:? ?"
    r"(?:[(]?0\d{2,3}[)]?[ -]?[2-8]\d{6,7}|[2-8]\d{6,7})(?!\d)"
)
_LONG_NUMBER = regex.compile(r"\d{11}|\d{6}[\d*]{8}|\d[\d* -]{13,}")
_NUMBER_COLUMN = regex.compile(r"身份证|证件|金额|元|补|银行|卡号|账号|电话|手机|准考证|住址|地址|村|组|面积|年龄|出生")
OFFICE_COLUMN = regex.compile(r"职务|职位|单位|部门|科室|办公|值班|带班|称号|荣誉|任")
#: Words of a title that tell whose names the document has.
_GENRES: Final = tuple(
    "任前 任免 任职 考察 表彰 表扬 先进 优秀 纪要 值班 通讯录 会议 领导小组 分工 中标 成交 采购 换届 选举 "
    "嘉奖 记功 处分 函 请示 批复 简报 通报 调研 慰问 讲话 验收 公示 名单 花名册 救助 低保 补贴 发放 处罚 "
    "笔录 信访 调解 判决 裁定 申请 答复 证明 协议 合同 录用 招聘 学生 资助 征收 补偿 遗失 送达 听证 走访 "
    "登记 审批 认定 复议 委托 通知 公告 告知 意见书 决定书 体检 医疗 残疾 保障 仲裁 事故 人才 招生 报告 "
    "委员 评委 专家 候选 代表 通讯员 劳模 模范 标兵 干部 班子 成员 帮扶 结对 责任人 河长 教师 推荐 提名 试用期".split()
)
_TITLE_AT_MOST: Final = 120
#: The distances from a cue up to which it counts as touching, near, and in reach.
_NEAR: Final = (1, 6, 16)
_CELL_AT_MOST: Final = 12
_TAIL: Final = 160
#: Characters of the clause whose words count on each side.
_CLAUSE_REACH: Final = 16
#: How far up a line that ends with a colon is searched for (任命：, 下列人员：).
_ABOVE: Final = 200
#: What introduces a list in the same line as the name.
_HEADS = regex.compile(
    r"(?r)(?P<word>\p{Han}{2,10})(?:[(（][^()（）\n]{1,8}[)）])?[ \u3000]?[:：][^:：。;；!?\n\r\t|\u2029]*"
)
_HEADS_AT_MOST: Final = 80
_STOP = regex.compile(r"[。;!?\n\r\t|\u2029]")
_HEADING = regex.compile(r"(?r)[^\n\r\u2029]*[:：]\s*[\n\r\u2029]")


def role_features(page: NamePage, span: Span) -> list[str]:
    """Return the features of a name for the question whether it is a private person's or a public role's."""
    text, (start, end, _, form) = page.text, span
    left, right = page.edge(start - 1), page.edge(end)
    found = [f"l={left}", f"r={right}", f"ll={text[max(0, start - 2) : start]}", f"rr={text[end : end + 2]}"]
    found += [f"l3={text[max(0, start - 3) : start]}", f"form{form}"]
    before, behind = page.nearest_before(start)
    after, ahead = page.nearest_after(end)
    if _ADDRESSED.match(text, end) and left == "N":
        return [*found[:1], "addressed", f"addressed{page.balance}", *genre(page)]
    if before:
        near = bisect.bisect_left(_NEAR, behind)
        word = text[before.start : before.end]
        found += [f"b{before.kind}{near}", f"b{before.kind}", f"bw={word}", f"bw{near}={word}"]
    if after:
        word = text[after.start : after.end]
        found += [f"a{after.kind}{min(ahead, 3)}", f"aw={word}", f"aw{ahead > 0:d}={word}"]
    if label := page.label(start):
        found += [f"lab={label[-4:]}", f"lab2={label[-2:]}", f"labk{page.cue_of(label)}", "label"]
    if bracket := BRACKET.match(text, end):
        inside = bracket["inside"]
        found += [f"br={inside[-1]}", f"brf={inside[:2]}", f"brk{page.cue_of(inside)}"]
    if _LONG_NUMBER.search(text, end, end + 40):
        found.append("number")
    found += _lead(text, start)
    if _OFFICE_LINE.match(text, end):
        found.append("called")
    if POST.match(text, end):
        found.append("post")
    found += beside(page, span)
    found += line_features(page, span)
    found.append(f"balance{page.balance}")
    found += _line(page, span)
    found += _heading_of_list(page, span)
    found += _next_word(text, end)
    found += _clause(page, span)
    found += _above(page, span)
    found += cell_features(page, span)
    found += _columns(page, span)
    found += _row(page, span)
    found += genre(page)
    return found


def genre(page: NamePage) -> list[str]:
    """Return features of the title; the same for all names of a document."""
    if page.genre is None:
        page.genre = _genre(page)
    return page.genre


def _genre(page: NamePage) -> list[str]:
    anatomy = page.reading.anatomy
    title = page.reading.text[anatomy.title.start : anatomy.title.end][:_TITLE_AT_MOST] if anatomy.title else ""
    title = title or page.text[:40]
    found = [f"t={word}" for word in _GENRES if word in title]
    found.append(f"tk{page.cue_of(title)}")
    return [*found, "red"] if anatomy.red_head else found


def _line(page: NamePage, span: Span) -> list[str]:
    """Return features of the name's place in its line and in the document."""
    text, start, end = page.text, span.start, span.end
    found = []
    left, right = page.edge(start - 1), page.edge(end)
    if left == "N":
        found.append("first")
        if right == "N":
            found.append("alone")
    if len(text) - end < _TAIL:
        found.append("tail")
        if right == "N":
            found.append("tailend")
    return found


def _clause(page: NamePage, span: Span) -> list[str]:
    """Return the words around the name in its sentence, and the sequence of cues on both sides."""
    text = page.text
    before, behind = text[max(0, span.start - _CLAUSE_REACH) : span.start], text[span.end : span.end + _CLAUSE_REACH]
    stops = [match.end() for match in _STOP.finditer(before)]
    before = before[stops[-1] :] if stops else before
    stop = _STOP.search(behind)
    behind = behind[: stop.start()] if stop else behind
    found = {f"c={word}" for word, _, _ in words(f"{before}，{behind}") if len(word) > 1}
    return [*sorted(found), *page.sequence(span)]


def _above(page: NamePage, span: Span) -> list[str]:
    """Return features of the cues in the line above, and in the last line above that ends with a colon."""
    begin = page.line_mark_before(span.start)
    if begin < 0:
        return []
    held = page.above.get(begin)
    if held is None:
        held = page.above[begin] = _said_above(page, begin)
    return held


def _said_above(page: NamePage, begin: int) -> list[str]:
    text, low = page.text, max(0, begin - _ABOVE)
    line = text[line_start(text, begin, low) : begin]
    found = [f"up{page.cue_of(line)}"]
    heading = _HEADING.search(text, low, begin + 1)
    if heading:
        found += [f"upc{page.cue_of(heading[0])}", *(f"uw={word}" for word, _, _ in words(heading[0]) if len(word) > 1)]
    return found


def _heading_of_list(page: NamePage, span: Span) -> list[str]:
    """Return what introduces the list in the line of a name, if anything: 到会：甲、乙."""
    heads = _HEADS.match(page.text, max(0, span.start - _HEADS_AT_MOST), span.start)
    if not heads:
        return []
    word = heads["word"]
    return [f"hl={word[-2:]}", f"hl4={word[-4:]}", f"hlk{page.cue_of(word)}"]


def _next_word(text: str, end: int) -> list[str]:
    """Return the word directly behind a name and the next one: what somebody does."""
    run = HAN_RUN.match(text, end, end + _CLAUSE_REACH)
    if not run:
        return []
    found = [word for word, _, _ in words(run[0])]
    return [f"nw={found[0]}", *(f"nw2={word}" for word in found[1:2])]


def _lead(text: str, start: int) -> list[str]:
    """Return the endings of the word that introduces a name, and how: adjoining, before brackets, colon or space."""
    lead = _LEAD.match(text, max(0, start - _LEAD_AT_MOST), start)
    if not lead:
        return []
    word, gap = lead["word"], lead["gap"]
    way = next((mark for mark in "(:" if mark in gap), "_" if gap else "")
    return [f"ld1={word[-1:]}", f"ld2={word[-2:]}", f"ld3={word[-3:]}", f"ldw{way}", f"ldw{way}{word[-1:]}"]


def _row(page: NamePage, span: Span) -> list[str]:
    """Return features of the kinds of cues in the other cells of the name's row."""
    place = page.cell(span)
    if not place:
        return []
    table, cell = place
    others = (other.text for other in table.cells_in(*table.row_of(cell)) if other.column != cell.column)
    return [f"row{kind}" for kind in sorted({page.cue_of(text) for text in others if len(text) <= _CELL_AT_MOST})]


def _columns(page: NamePage, span: Span) -> list[str]:
    """Return features of whether the table has columns of private data or of offices."""
    place = page.cell(span)
    if not place:
        return []
    table = place[0]
    held = page.of_tables.get(table.start)
    if held is None:
        head = "".join(other.text for other in table.cells[:40] if other.row <= max(0, table.header_rows - 1))
        held = ["cols-people"] if _NUMBER_COLUMN.search(head) else []
        held += ["cols-office"] if OFFICE_COLUMN.search(head) else []
        page.of_tables[table.start] = held
    return [*held, *of_column(page, span)]
