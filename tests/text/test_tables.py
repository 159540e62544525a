"""Cells know the headers above them and the label beside them, and lists of people are told from other tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescan.formats.text import lines
from prescan.text.anatomy import read_anatomy
from prescan.text.grid import column_index
from prescan.text.tables import Table, column_letters, find_tables
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Document, Location

TAB = "姓名\t证件号码\t村别\n周某\t110101190203140028\t柳树村\n何某\t110101190203140036\t石桥村\n"
BAR = TAB.replace("\t", "|")
STROKES = TAB.replace("\t", " / ")
MARKDOWN = """| 姓名 | 证件号码 | 村别 |
| --- | :---: | ---: |
| 周某 | 110101190203140028 | 柳树村 |
| 何某 | 110101190203140036 | 石桥村 |
"""
MARKDOWN_BARE = MARKDOWN.replace("\n|", "\n").replace("|\n", "\n").removeprefix("| ").replace("---:", "---:|")
TITLED = "2025年农村低保金发放表\t\t\n" + TAB
TWO_ROWS = """户主信息\t\t补贴\t
姓名\t证件号码\t标准\t账号
周某\t110101190203140028\t50\t6222020000000000018
何某\t110101190203140036\t60\t6222020000000000026
"""
FORM = """申请事项\t信息公开\t受理日期\t五月六日
证件号码\t110101190203140028\t民族\t汉
\t\t联系电话\t13800138000
"""


def document(text: str) -> Document:
    """Return a plain text document."""
    return Document.of("", "text/plain", None, lines(text))


def tables(text: str) -> tuple[Table, ...]:
    """Return the tables of a plain text."""
    return find_tables(document(text))


def heads(text: str, value: str) -> tuple[str, str]:
    """Return the header and the label of the cell that holds a value, as words."""
    (table,) = tables(text)
    cell = table.cell_at(text.index(value) + 1)
    assert cell
    assert value in cell.text
    return " ".join(table.header_of(cell).split()), table.label_of(cell).strip()


def docx(*rows: str, name: str = "表1") -> list[Block]:
    """Return the blocks of a table as a reader of documents gives them; | parts cells, ^ stands for a covered cell."""
    blocks = []
    for number, row in enumerate(rows, 1):
        cells = [(place, cell) for place, cell in enumerate(row.split("|")) if cell != "^"]
        for place, cell in cells:
            at = Location("table", cell=f"{name}!{column_letters(place)}{number}")
            blocks.append(Block(cell, at, CELL_BREAK if (place, cell) != cells[-1] else PARAGRAPH_BREAK))
    return blocks


@pytest.mark.parametrize(
    "text",
    [
        TAB,
        BAR,
        BAR.replace("|", "丨"),
        BAR.replace("|", "　‖　"),
        STROKES,
        MARKDOWN,
        MARKDOWN_BARE,
        TAB.replace("\n", "\r\n"),
        TITLED,
    ],
)
def test_a_column_is_headed_however_the_table_is_written(text: str) -> None:
    """Tabs, bars of several forms, strokes, markdown with and without outer bars, a title row above."""
    assert heads(text, "110101190203140028")[0] == "证件号码"
    assert heads(text, "石桥村")[0] == "村别"
    assert heads(text, "周某")[0] == "姓名"


def test_two_header_rows_are_read_top_down() -> None:
    """A spanning header also serves the empty columns to its right."""
    assert heads(TWO_ROWS, "110101190203140036")[0] == "户主信息 证件号码"
    assert heads(TWO_ROWS, "6222020000000000018")[0] == "补贴 账号"


def test_a_header_cell_has_no_header() -> None:
    """Nothing stands above the first row."""
    assert heads(TAB, "证件号码") == ("", "姓名")


def test_key_value_forms_have_the_label_to_the_left() -> None:
    """The nearest filled cell, unless it is a value itself."""
    assert heads(FORM, "110101190203140028")[1] == "证件号码"
    assert heads(FORM, "13800138000")[1] == "联系电话"
    assert heads(FORM, "民族")[1] == ""


def test_long_text_to_the_left_is_no_label() -> None:
    """A paragraph in the neighbouring cell names nothing."""
    text = f"{'经办人核对了全部材料并在系统中登记' * 2}\t13800138000\n备注\t无\n"
    assert heads(text, "13800138000")[1] == ""


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (TAB, True),
        (BAR, True),
        (MARKDOWN, True),
        (TITLED, True),
        (TWO_ROWS, True),
        ("序号\t户主\t金额\n1\t周某\t320.00\n2\t何某\t480.00\n", True),
        ("姓 名\t村别\t备注\n周某\t柳树村\t新增\n何某\t石桥村\t续享\n", True),
        ("人员\t去向\n周文山\t在家12月\n尕藏·卓玛草\t外出\n旦正太（其叔代管）\t外出\n", True),
        ("人员\t去向\n合计三十余人次\t外出\n周文山\t120\n劳务派遣公司\t外出\n", False),
        ("姓名\t村别\n周某\t柳树村\n", False),
        ("项目\t金额\n道路\t12000.00\n桥梁\t8000.00\n", False),
        ("单位名称\t联系电话\n县民政局\t0999-8812345\n县财政局\t0999-8812346\n", False),
    ],
)
def test_lists_of_people(text: str, listed: bool) -> None:
    """A name column and at least two rows."""
    (table,) = tables(text)
    assert table.lists_people is listed
    assert read_anatomy(document(text)).in_roster(len(text) - 4) is listed


def test_a_row_broken_inside_a_number_goes_on_in_the_next_line() -> None:
    """Both lines are as wide as the table; a shorter row is a row."""
    text = "姓名|证件|卡折|元\n何某|110101190\n203140028|6000000000012|100\n合计|2\n"
    (table,) = tables(text)
    cell = table.cell_at(text.index("6000"))
    assert cell
    assert (cell.row, cell.column, table.header_of(cell)) == (1, 2, "卡折")
    assert max(cell.row for cell in table.cells) == 2


def test_text_between_tables_parts_them() -> None:
    """Each keeps its own headers."""
    text = f"甲村\n{TAB}乙村\n项目\t金额\n道路\t12000.00\n完。\n"
    first, second = tables(text)
    assert [cell.text for cell in second.cells] == ["项目", "金额", "道路", "12000.00"]
    assert (first.lists_people, second.lists_people) == (True, False)
    assert text[first.start : first.end] + "\n" == TAB


@pytest.mark.parametrize(
    "title", ["青禾镇低保对象花名册", "2025年耕地补贴资金发放清册", "困难学生资助名单", "特困人员救助公示表"]
)
def test_a_document_titled_as_a_roster_lists_people(title: str) -> None:
    """Even without a table; the title itself is outside."""
    text = f"{title}\n周某，柳树村，13800138000\n何某，石桥村，13800138001\n"
    found = read_anatomy(document(text))
    assert not found.in_roster(0)
    assert found.in_roster(text.index("138"))
    assert found.in_roster(len(text) - 2)


@pytest.mark.parametrize("title", ["关于报送名单的通知", "办事指南", "责任清单", "会议纪要"])
def test_other_documents_do_not(title: str) -> None:
    """A number in them stands outside of lists."""
    text = f"{title}\n请各单位联系周某，13800138000。\n"
    assert read_anatomy(document(text)).rosters == ()


def test_tables_of_documents_keep_their_grid() -> None:
    """Cells come with their place; covered cells are missing, headers reach over them."""
    rows = ["2025年补贴发放表|^|^|^", "户主信息|^|补贴|^", "姓名|证件号码|标准|账号"]
    rows += ["周某|110101190203140028|50|6222020000000000018", "何某|110101190203140036|60|6222020000000000026"]
    blocks = [Block("一、发放情况"), *docx(*rows), Block("完。"), *docx("项目|金额", "道路|12000.00", name="表2")]
    held = Document.of("a.docx", "application/x", None, blocks)
    first, second = find_tables(held)
    card = first.cell_at(held.text.index("6222020000000000026"))
    assert card
    assert (card.row, card.column) == (4, 3)
    assert first.header_of(card) == "补贴 账号"
    assert first.lists_people
    assert (second.lists_people, len(second.cells)) == (False, 4)
    assert read_anatomy(held).table_at(held.text.index("道路")) == second
    assert read_anatomy(held).table_at(held.text.index("完。")) is None


_CELLS = st.text("姓名1｜ |\t-:3８\n\r\u2029", max_size=30)


@given(st.lists(_CELLS | st.sampled_from(["姓名\t电话", "|---|", "周某|13800138000"]), max_size=8).map("\n".join))
@settings(max_examples=200, deadline=None)
def test_every_cell_is_the_text_at_its_place(text: str) -> None:
    """In order, without overlap, inside its table; and headers can be asked of each of them."""
    for table in tables(text):
        at = -1
        for cell in table.cells:
            assert at < cell.start <= cell.end <= len(text)
            assert text[cell.start : cell.end] == cell.text
            assert isinstance(table.header_of(cell) + table.label_of(cell), str)
            at = cell.end
        assert table.header_rows <= max(cell.row for cell in table.cells)


@given(st.integers(0, 20_000))
def test_column_letters_and_back(index: int) -> None:
    """A to ZZZ and further."""
    assert column_index(column_letters(index)) == index


def test_a_row_of_spaces_with_an_empty_cell_stands_under_its_headers() -> None:
    """The cell that is missing is told by where the others begin."""
    text = (
        "姓名      证件                 住址             电话\n"
        "何某                           柳树村3组17号    0999-8812345\n"
    )
    assert heads(text, "柳树村")[0] == "住址"
    assert heads(text, "0999-8812345")[0] == "电话"


def test_one_wide_space_parts_columns() -> None:
    text = "编号　姓名　住址　电话\n1　何某　柳树村3组17号　0999-8812 345\n"
    assert heads(text, "0999-8812 345")[0] == "电话"


@pytest.mark.parametrize(
    ("text", "value", "head"),
    [
        ("孩次　姓名　　　出生　　　　性别\n一　　何安　　1905年1月30日　男\n", "1905年1月30日", "出生"),
        ("        岗位  聘任起  出生\n何满堂  馆长  2021.07  1902.04\n丁一  技师  2020  1905.10\n", "1905.10", "出生"),
        ("工号 生日 证件 手机\n07 1902-06-06 未带 13800001902\n08 1905-08-30 未带 13800001903\n", "1905-08-30", "生日"),
        ("序 户代表 住房 面积㎡\n1 何满堂 柳树巷2号 86.4\n2 丁一 柳树巷5号 132.0\n", "132.0", "面积㎡"),
    ],
)  # fmt: skip
def test_headers_separated_in_other_ways(text: str, value: str, head: str) -> None:
    """One wide space between two headers, no header above the names, single spaces, a unit in a header."""
    assert heads(text, value)[0] == head
