"""The parts of official documents are found where they stand, and nothing is made up where they are missing."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import (
    CONTEST,
    DECREE,
    LETTER,
    MINUTES,
    NOTHING,
    NOTICE,
    REPLY,
    REQUEST,
    RULES_WITH_ROSTER,
    WRAPPED_TITLE,
)

from prescan.formats.text import lines
from prescan.text.anatomy import Anatomy, read_anatomy
from prescan.types import Block, Document, Location

KEYS = "title kind doc_number addressee note signature head".split()


def document(text: str) -> Document:
    """Return a plain text document."""
    return Document.of("", "text/plain", None, lines(text))


def anatomy(text: str) -> Anatomy:
    """Return the anatomy of a plain text."""
    return read_anatomy(document(text))


def part(text: str, key: str) -> str | None:
    """Return the words of one part."""
    found = getattr(anatomy(text), key)
    return found if found is None or isinstance(found, str) else text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NOTICE, "临溪县人民政府办公室\n关于做好今冬明春火灾防控工作的通知"),
        (REQUEST, "青禾镇人民政府关于维修柳树村便桥的请示"),
        (REPLY, "临溪县民政局\n关于同意设立青禾敬老院的批复"),
        (MINUTES, "关于研究老旧小区改造有关问题的会议纪要"),
        (WRAPPED_TITLE, "临溪县民政局 临溪县财政局\n关于开展2025年度农村危房改造\n摸底排查工作的通知"),
        (CONTEST, "关于组织技能比武的通知"),
        (LETTER, None),
    ],
)
def test_title(text: str, expected: str | None) -> None:
    """On one line or several, with the organ above it, below a masthead or a 文号."""
    assert part(text, "title") == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("序号,姓名,身份证号", None),
        ("2026年临时救助发放情况\n序号,姓名,身份证号", "2026年临时救助发放情况"),
    ],
)
def test_the_label_of_a_column_is_no_title(head: str, expected: str | None) -> None:
    rows = "1,赵一一,110101199001010031\n2,钱二二,11010119900101004X"
    assert part(f"{head}\n{rows}\n", "stated_title") == expected


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("临溪县公安局行政处罚决定书", "行政处罚决定书"),
        ("低保户花名册（2025年）", "花名册"),
        ("临溪县养犬管理办法（征求意见稿）", "管理办法"),
        ("关于同意周某辞职的函", "函"),
        ("关于公布2025年政府信息公开工作年度报告的公告", "公告"),
        ("询问笔录", "询问笔录"),
        ("致全县市民的一封信", None),
        ("临溪县2025年一季度经济运行情况", None),
    ],
)
def test_kind_of_document(title: str, kind: str | None) -> None:
    """The last words of a title, the longest that fit, a bracket behind it aside."""
    text = f"{title}\n各有关单位要加强值守。\n"
    assert (part(text, "title"), part(text, "kind")) == (title, kind)


@pytest.mark.parametrize(
    "number",
    [
        "临政发〔2025〕17号",
        "临政发﹝2025﹞17号",
        "临政发[2025]17号",
        "临政发（2025）17号",
        "临政发(2025)17号",
        "临政发【2025】17号",
        "临政发〔2025〕第17号",
        "临政发〔2025〕 17 号",
        "临卫健委规〔2025〕1号",
        "临政办函〔2025〕117号",
        "临政发〔2025〕×号",
    ],
)
@pytest.mark.parametrize("behind", ["", "　　　　签发人：谷长河", " 签发人：谷长河 申玉芝"])
def test_document_number(number: str, behind: str) -> None:
    """Every kind of bracket; the 签发人 on the same line is no part of it."""
    text = f"临溪县人民政府文件\n{number}{behind}\n关于做好防汛工作的通知\n各乡镇人民政府：\n请做好防汛。\n"
    assert part(text, "doc_number") == number
    assert part(text, "title") == "关于做好防汛工作的通知"
    assert anatomy(text).red_head


@pytest.mark.parametrize(
    "line",
    [
        "依据临政发〔2019〕3号文件精神，现通知如下。",
        "《关于防汛的通知》（临政发〔2019〕3号）",
        "第17号",
        "2025年第17号",
    ],
)
def test_a_cited_number_is_not_the_documents_own(line: str) -> None:
    """A number inside a sentence or in a book title belongs to another document."""
    text = f"关于做好防汛工作的通知\n各乡镇：\n{line}\n请做好防汛。\n"
    assert part(text, "doc_number") is None
    assert not anatomy(text).red_head


@pytest.mark.parametrize(("text", "red"), [(NOTICE, True), (REQUEST, True), (REPLY, True), (CONTEST, False)])
def test_red_head(text: str, red: bool) -> None:
    """A 文号 or ×××文件 makes a 公文; the 版头 ends where the title begins."""
    found = anatomy(text)
    assert found.red_head is red
    assert found.title
    assert (found.head.end if found.head else 0) == found.title.start


@pytest.mark.parametrize(
    ("text", "organs"),
    [
        (NOTICE, "各乡镇人民政府，县政府各部门"),
        (REQUEST, "县人民政府"),
        (REPLY, "青禾镇人民政府"),
        (DECREE, None),
        (NOTHING, None),
    ],
)
def test_addressee(text: str, organs: str | None) -> None:
    """The line below the title that ends with a colon, without it."""
    assert part(text, "addressee") == organs


@pytest.mark.parametrize(
    ("text", "note"),
    [(NOTICE, "此件公开发布"), (REQUEST, "联系人：申玉芝，电话：0999-8812345"), (REPLY, None), (DECREE, None)],
)
def test_note(text: str, note: str | None) -> None:
    """The line in round brackets below the date, without them."""
    assert part(text, "note") == note


@pytest.mark.parametrize(
    "date", ["2025年6月1日", "2025年 6 月 1 日", "二〇二五年六月一日", "二○二五年六月一日", "二零二五年十二月三十一日"]
)
@pytest.mark.parametrize("behind", ["", "\n（此件公开发布）\n抄送：县委办公室。\n临溪县档案馆存档"])
def test_signature(date: str, behind: str) -> None:
    """The organ and the date below it, in whichever digits; a date inside a sentence is none."""
    text = f"关于防汛的通知\n各乡镇：\n会议定于2025年6月3日召开。\n　　　临溪县水利局\n　　　{date}{behind}\n"
    assert (part(text, "signature") or "").split("\n") == ["　　　临溪县水利局", f"　　　{date}"]


def test_signature_on_one_line_and_without_organ() -> None:
    """The date alone is enough."""
    assert (
        part("关于防汛的通知\n请做好防汛。\n临溪县水利局　2025年6月1日\n", "signature") == "临溪县水利局　2025年6月1日"
    )
    assert part("关于防汛的通知\n请做好防汛。\n2025年6月1日\n", "signature") == "2025年6月1日"
    assert part("关于防汛的通知\n请于2025年6月1日前报送。\n", "signature") is None


def test_annexes_begin_at_their_own_line() -> None:
    """The list 附件：1.… in the body is none; each range goes on to the next."""
    found = [CONTEST[annex.start : annex.end] for annex in anatomy(CONTEST).annexes]
    assert [annex.split("\n")[:2] for annex in found] == [["附件1", "比赛规则"], ["附件 2：", "报名须知"]]
    assert "".join(found) + "\n" == CONTEST[CONTEST.index("附件1") :]
    assert anatomy(NOTICE).annexes == ()


def test_clauses_go_on_to_the_next_and_may_lack_a_number() -> None:
    """A second paragraph belongs to its clause; a missing 第三条 disturbs nothing."""
    clauses = anatomy(DECREE).clauses
    assert [DECREE[clause.start : clause.start + 3] for clause in clauses] == ["第一条", "第二条", "第四条", "第五条"]
    assert anatomy(DECREE).in_clause(DECREE.index("设置在临街橱窗内"))
    assert not anatomy(DECREE).in_clause(DECREE.index("已经县人民政府"))
    assert all(before.end <= after.start for before, after in itertools.pairwise(clauses))


def test_a_roster_annexed_to_clauses_is_not_legal_text() -> None:
    """What stands below 附件 is heard by every rule, and in it lists of people weigh more."""
    found = anatomy(RULES_WITH_ROSTER)
    law, roster = RULES_WITH_ROSTER.index("打卡"), RULES_WITH_ROSTER.index("13800138000")
    assert (found.in_clause(law), found.in_roster(law)) == (True, False)
    assert (found.in_clause(roster), found.in_roster(roster)) == (False, True)


def test_a_table_below_clauses_is_not_legal_text() -> None:
    """Also where no line says 附件."""
    table = "姓名\t电话\n周某\t13800138000\n何某\t13800138001\n"
    found = anatomy(DECREE + table)
    assert found.in_clause(DECREE.index("2025年7月1日"))
    assert not any(found.in_clause(offset) for offset in range(len(DECREE), len(DECREE + table)))


def test_two_quoted_clauses_are_no_law() -> None:
    """Three make legal text."""
    text = "关于普法的通知\n第一条　为了普法。\n第二条　人人守法。\n"
    assert anatomy(text).clauses == ()
    assert len(anatomy(text + "第九条　自公布之日起施行。\n").clauses) == 3


def test_a_document_with_nothing_to_recognise() -> None:
    """No part is made up."""
    found = anatomy(NOTHING)
    assert [getattr(found, key) for key in KEYS] == [None] * len(KEYS)
    assert not any((found.clauses, found.tables, found.annexes, found.rosters, found.declared, found.red_head))


@pytest.mark.parametrize("text", ["", " \n\t\n\u2029", "\u3000"])
def test_blank_text(text: str) -> None:
    """No lines, no parts, no error."""
    assert anatomy(text) == Anatomy(lines=())


_LINES = [line for text in (NOTICE, REQUEST, MINUTES, DECREE, RULES_WITH_ROSTER, CONTEST) for line in text.split("\n")]
_PIECES = st.sampled_from([*_LINES, "姓名\t电话", "|甲|乙|", "|---|---|", "\t", "□主动公开 ☑不予公开"])


@given(st.lists(_PIECES | st.text(max_size=8), max_size=25).map("\n".join), st.sampled_from(["\n", "\u2029", "\r\n"]))
@settings(max_examples=150, deadline=None)
def test_parts_lie_inside_the_text_whatever_it_is(text: str, mark: str) -> None:
    """Shuffled lines give no error, and every span is one of the text."""
    text = text.replace("\n", mark)
    found = anatomy(text)
    single = [getattr(found, key) for key in KEYS if key != "kind"] + [found.declared and found.declared.span]
    for span in (*filter(None, single), *found.lines, *found.clauses, *found.annexes, *found.rosters):
        assert 0 <= span.start <= span.end <= len(text)
    for table in found.tables:
        assert [text[cell.start : cell.end] for cell in table.cells] == [cell.text for cell in table.cells]


def test_what_one_file_of_a_container_is_called_says_nothing_of_the_next() -> None:
    texts = {"a.zip/一.txt": "低保对象花名册\n13800138000\n", "a.zip/二.txt": "关于停水的通知\n13900139000\n"}
    texts["a.zip/三.txt"] = "临时救助对象名单\n13700137000"
    blocks = [Block(line, Location(member=name)) for name, text in texts.items() for line in text.splitlines()]
    found = Document.of("a.zip", "application/zip", None, blocks)
    anatomy = read_anatomy(found)
    assert [anatomy.in_roster(found.text.index(number)) for number in ("138", "139", "137")] == [True, False, True]


MENU = ("首页", "走进某某", "政务公开", "公示公告", "政策文件", "政策解读", "政府信息公开指南", "信息公开年度报告")
TITLE = "关于2024年度低保对象复核情况的公示"


def web_page(*lines: str, named: str = "") -> Document:
    """Return a web page with a menu, the path to the page, `lines`, and what it says it is called."""
    blocks = [Block(line) for line in (*MENU, "当前位置：首页 > 政务公开 > 通知公告", *lines)]
    if named:
        blocks.append(Block(f"标题：{named}", Location("metadata")))
    return Document.of("a.html", "text/html", None, blocks)


@pytest.mark.parametrize(
    ("lines", "named", "title"),
    [
        ((TITLE, "现将复核情况予以公示。"), "", TITLE),
        ((TITLE, "现将复核情况予以公示。"), "某某县人民政府", TITLE),
        ((TITLE, "现将复核情况予以公示。"), f"{TITLE}_通知公告_某某县人民政府门户网站", TITLE),
        (("办理社会救助须知", "现将复核情况予以公示。", TITLE), f"{TITLE}-某某县人民政府", TITLE),
        (("某某县人民政府", "关于开展专项检查的通知", "各乡镇："), "", "某某县人民政府\u2029关于开展专项检查的通知"),
        (("现将复核情况予以公示。",), "", None),
    ],
)
def test_the_menu_of_a_web_page_is_not_its_title(lines: tuple[str, ...], named: str, title: str | None) -> None:
    document = web_page(*lines, named=named)
    anatomy = read_anatomy(document)
    assert (anatomy.title and document.text[slice(*anatomy.title)]) == title
    assert not anatomy.red_head


def test_the_path_to_a_page_is_no_title_of_a_text_either() -> None:
    text = f"首页 > 政务公开 > 公告\n{TITLE}\n现将复核情况予以公示。"
    document = Document.of("a.txt", "text/plain", None, lines(text))
    anatomy = read_anatomy(document)
    assert anatomy.title
    assert text[slice(*anatomy.title)] == TITLE


def test_menus_are_passed_over_in_web_pages_only() -> None:
    words = ("通知", "公告", "决定", "批复", "内部资料")
    document = Document.of("a.docx", "application/x", None, [Block(word) for word in words])
    anatomy = read_anatomy(document)
    assert anatomy.title
    assert document.text[slice(*anatomy.title)] == "通知"
