"""Workbooks: every cell at its place, every hiding place under its own name, nothing told twice."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from prescan.errors import ReadError
from prescan.formats import xlsx
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Limits, Unread

FILES = Path(__file__).parent / "files"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def book(
    *sheets: str, strings: str = "", styles: str = "", workbook: str = "", parts: dict[str, str] | None = None
) -> bytes:
    """Return a workbook of sheets given by the content of their `worksheet`."""
    kinds = {"sharedStrings": strings, "styles": styles}
    targets = {f"s{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)}
    targets |= {name: (name, f"{name}.xml") for name, content in kinds.items() if content}
    lines = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    listed = "".join(f'<sheet name="表{n}" r:id="s{n}"/>' for n in range(1, len(sheets) + 1))
    inside = f"{workbook}<sheets>{listed}</sheets>"
    held = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{inside}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{lines}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
        **{
            f"xl/worksheets/sheet{n}.xml": f'<worksheet xmlns="{MAIN}">{s}</worksheet>' for n, s in enumerate(sheets, 1)
        },
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(data: bytes, limits: Limits | None = None) -> list[Block | Unread]:
    """Read a workbook."""
    return list(xlsx.read(data, limits or Limits()))


def blocks(data: bytes) -> list[Block]:
    """Read a workbook of which nothing stays unread."""
    found = read(data)
    assert [item for item in found if isinstance(item, Unread)] == []
    return [item for item in found if isinstance(item, Block)]


def rows(*cells: str) -> str:
    """Return a sheet whose only row holds these cells."""
    return f"<sheetData><row>{''.join(cells)}</row></sheetData>"


def shown(cell: str, styles: str = "", workbook: str = "") -> str:
    """Return what a cell shows."""
    return blocks(book(rows(cell), styles=styles, workbook=workbook))[0].text


@pytest.fixture(scope="module")
def places() -> list[Block | Unread]:
    """Return the workbook with a canary in every place."""
    return read((FILES / "places.xlsx").read_bytes())


ROW_OR_COLUMN = ("hidden", "hidden_row_column")
TEXT = ("hidden", "hidden_text")
PLACES = [
    # text, part, hidden, cell, note
    ("补贴发放名单", "table", None, "名单!A1", ""),
    ("1901-03-01", "table", None, "名单!D3", ""),
    ("1200.5", "table", None, "名单!E4", ""),
    ("末格", "table", None, "名单!E7", ""),
    ("深色底上的白字", "table", None, "名单!D10", ""),
    ("第二张表的暗记", "table", None, "第二张!A1", ""),
    ("台账13800138000", "table", None, None, ""),
    ("名称带号码的表", "table", None, "第6个工作表!A1", ""),
    ("隐藏列内的暗记", *ROW_OR_COLUMN, "名单!C4", "已隐藏的 C 列"),
    ("隐藏行内的暗记", *ROW_OR_COLUMN, "名单!B5", "已隐藏的第 5 行"),
    ("筛选隐藏的暗记", *ROW_OR_COLUMN, "名单!B6", "筛选隐藏的第 6 行"),
    ("白色的暗记", *TEXT, "名单!A10", "白色文字"),
    ("不显示的暗记", *TEXT, "名单!B10", "数字格式设为不显示的内容"),
    ("合并盖住的暗记", *TEXT, "名单!B14", "合并单元格盖住的内容"),
    ("页眉内的暗记", "header", None, None, ""),
    ("页脚内的暗记", "footer", None, None, ""),
    ("文本框内的暗记", "textbox", None, None, ""),
    ("图表标题的暗记", "textbox", None, None, ""),
    ("图表分类的暗记", "textbox", None, None, ""),
    ("按钮\n的暗记", "textbox", None, None, ""),
    ("批注的暗记", "comment", "comment", "名单!A12", "王* A12 的批注"),
    ("讨论的暗记", "comment", "comment", "名单!B12", "赵* 2024-03-02 B12 的批注"),
    ("回复的暗记", "comment", "comment", "名单!B12", "2024-03-03 B12 的批注"),
    ("改前的暗记", "deleted", "tracked_change", None, "孙* 2024-03-04 修改前的内容"),
    ('HYPERLINK("#","公式内的暗记")', *TEXT, "名单!B8", "公式中的文字"),
    ("方案的暗记", *TEXT, None, "方案中的数据"),
    ("方案的数值", *TEXT, "名单!A3", "方案中的数据"),
    ("' 宏内的暗记", "attachment", "embedded_file", None, "宏程序"),
    ("下拉的暗记,乙方", *TEXT, "名单!E20", "下拉列表的选项"),
    ("隐藏图形的暗记", *TEXT, None, "隐藏图形中的文字"),
    ("mailto:canary@example.org", *TEXT, None, "超链接地址"),
    ("底稿内的暗记", "hidden", "hidden_sheet", "底稿!A1", "已隐藏的工作表“底稿”"),
    ("底数内的暗记", "hidden", "hidden_sheet", "底数!A1", "深度隐藏的工作表“底数”"),
    ('暗记名称："名称内的暗记"', *TEXT, None, "定义的名称"),
    ("缓存的户主", *TEXT, "数据透视缓存1!A2", "数据透视表缓存的数据"),
    ("110101190001010026", *TEXT, "数据透视缓存1!B2", "数据透视表缓存的数据"),
    ("残留的户主", *TEXT, None, "数据透视表缓存中残留的数据"),
    ("file:///D:/canary/工资.xlsx", *TEXT, None, "外部链接的路径"),
    ("外部缓存的暗记", *TEXT, "外部链接1 工资!A2", "外部链接缓存的数据"),
    ("UID=canary", *TEXT, None, "外部数据连接"),
    ("删除后残留的暗记", *TEXT, None, "单元格已删除但仍留在文件中的文字"),
    ("CANARY-190012", *TEXT, None, "随文件保存的数据"),
    ("填表说明", "form", None, "名单!E20", ""),
    ("男,女", "form", None, "名单!F20", ""),
    ("控件的选项", "form", None, None, ""),
    ("图形说明的暗记", "image", None, None, ""),
    ("旧图说明", "image", None, None, ""),
    ("作者：张三", "metadata", "metadata", None, "文件属性"),
    ("最后修改者：李四", "metadata", "metadata", None, "文件属性"),
    ("保留者：孙某乙", "metadata", "metadata", None, "文件属性"),
    ("数据透视表刷新者：赵某甲", "metadata", "metadata", None, "文件属性"),
]


@pytest.mark.parametrize("place", PLACES, ids=[place[0].strip('"') for place in PLACES])
def test_each_place_is_told_once(places: list[Block | Unread], place: tuple[object, ...]) -> None:
    """A canary is found in its own place, with its note, exactly once."""
    found = [
        (block.text, block.location.part, block.hidden, block.location.cell, block.note)
        for block in places
        if isinstance(block, Block) and block.text == place[0]
    ]
    assert found == [place]


def test_nothing_else_is_hidden(places: list[Block | Unread]) -> None:
    """Ranges with names, usual choices and boxes of comments are no hidden places."""
    told = {place[0] for place in PLACES}
    beside = {"身份证号", "110101190001010018", "110101190003070000", "3", "4", "TRUE", "第三列", "户主", "证号", "5"}
    beside.add("批注者：赵某甲")
    hidden = [block.text for block in places if isinstance(block, Block) and block.hidden and block.text]
    assert [text for text in hidden if text not in told and text not in beside] == []


def test_the_order_is_that_of_the_contract(places: list[Block | Unread]) -> None:
    """Visible sheets, what lies beside them, hidden sheets, caches, properties, embedded files."""
    texts = [block.text for block in places if isinstance(block, Block)]
    order = ["末格", "第二张表的暗记", "页眉内的暗记", "页脚内的暗记", "文本框内的暗记", "批注的暗记", "改前的暗记"]
    order += ["下拉的暗记,乙方", "底稿内的暗记", "缓存的户主", "作者：张三", "内嵌的暗记"]
    assert [texts.index(text) for text in order] == sorted(texts.index(text) for text in order)


def test_a_hidden_sheet_is_told_even_if_it_is_empty(places: list[Block | Unread]) -> None:
    """A block without text begins each hidden sheet."""
    notes = [b.note for b in places if isinstance(b, Block) and b.hidden == "hidden_sheet" and not b.location.cell]
    assert notes == ["已隐藏的工作表“底稿”", "深度隐藏的工作表“底数”", "已隐藏的工作表“空表”"]


def test_embedded_files_are_told_and_read(places: list[Block | Unread]) -> None:
    """An embedded file has its place, its own text names it; of macros the words are read."""
    found = [block for block in places if isinstance(block, Block)]
    notes = [block.note for block in found if block.hidden == "embedded_file"]
    assert notes == ["内嵌文件：bin", "宏程序", "宏程序"]
    assert [block.text for block in found if block.note == "宏程序"][1] == "' 宏内的暗记"
    assert next(b.location.member for b in found if b.text == "内嵌的暗记") == "xl/embeddings/oleObject1.bin"


def test_lost_digits_are_reported_once_for_a_sheet(places: list[Block | Unread]) -> None:
    """A number kept as a float is told as written, and said to be damaged."""
    assert [(item.code, item.detail) for item in places if isinstance(item, Unread)] == [
        ("corrupted", "表 名单 的 C8 格的长数字被存成浮点数，末几位已丢失，请核对原始数据")
    ]
    cells = "".join(f'<c r="{name}1"><v>1.10101190003070E+17</v></c>' for name in "ABC")
    found = read(book(rows(cells)))
    assert [item.text for item in found if isinstance(item, Block)] == ["110101190003070000"] * 3
    assert [item.detail for item in found if isinstance(item, Unread)] == [
        "表 表1 的 A1 等 3 格的长数字被存成浮点数，末几位已丢失，请核对原始数据"
    ]


def test_rows_stay_rows() -> None:
    """Cells are divided by cell breaks, empty ones between filled ones are kept, none is added beyond."""
    found = blocks(
        book(
            '<sheetData><row r="3"><c r="A3"/><c r="B3" t="str"><v>甲</v></c><c r="E3" t="str"><v>乙</v></c>'
            '<c r="F3"/></row>'
            '<row r="4"><c r="C4"><v>5</v></c></row></sheetData>'
        )
    )
    assert [(b.text, b.location.cell, b.sep) for b in found] == [
        ("甲", "表1!B3", CELL_BREAK),
        ("", "表1!C3", CELL_BREAK),
        ("", "表1!D3", CELL_BREAK),
        ("乙", "表1!E3", PARAGRAPH_BREAK),
        ("5", "表1!C4", PARAGRAPH_BREAK),
    ]


def test_a_wide_gap_is_not_filled() -> None:
    """A cell at the far side of a sheet does not cost thousands of empty ones."""
    found = blocks(book(rows('<c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c>')))
    assert [(b.text, b.location.cell) for b in found] == [("1", "表1!A1"), ("2", "表1!XFD1")]


def test_places_are_counted_where_the_file_gives_none() -> None:
    """Rows and cells without a reference follow each other."""
    sheet = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"
    assert [block.location.cell for block in blocks(book(sheet))] == ["表1!A1", "表1!B1", "表1!A2"]


def test_hidden_rows_that_follow_each_other_are_one_place() -> None:
    """Rows of one kind share their words; a visible row between them divides them. Empty cells keep their own row."""
    hides = {2: 'hidden="1"', 3: 'hidden="true"', 5: 'hidden="1"', 7: 'ht="0"'}
    sheet = "".join(
        f'<row r="{n}" {hides.get(n, "")}><c r="A{n}"><v>{n}</v></c><c r="C{n}"><v>{n}</v></c></row>'
        for n in range(1, 8)
    )
    found = blocks(book(f"<sheetData>{sheet}</sheetData>"))
    notes = {block.location.cell: block.note for block in found if block.text or block.hidden}
    assert {cell: note for cell, note in notes.items() if note} == {
        **dict.fromkeys(("表1!A2", "表1!B2", "表1!C2", "表1!A3", "表1!B3", "表1!C3"), "已隐藏的第 2–3 行"),
        **dict.fromkeys(("表1!A5", "表1!B5", "表1!C5"), "已隐藏的第 5 行"),
        **dict.fromkeys(("表1!A7", "表1!B7", "表1!C7"), "已隐藏的第 7 行"),
    }


def test_hidden_columns_that_follow_each_other_are_one_place() -> None:
    """Ranges of columns and columns without width; an empty cell in them hides nothing."""
    sheet = '<cols><col min="2" max="3" hidden="1"/><col min="4" max="4" width="0"/></cols>' + rows(
        *(f'<c r="{letter}1"><v>1</v></c>' for letter in "ABDE")
    )
    notes = {block.location.cell: block.note for block in blocks(book(sheet))}
    assert notes == {
        "表1!A1": "",
        "表1!B1": "已隐藏的 B–D 列",
        "表1!C1": "",
        "表1!D1": "已隐藏的 B–D 列",
        "表1!E1": "",
    }


def test_a_sheet_that_is_not_listed_is_hidden() -> None:
    """A sheet in the package that no program shows."""
    part = f'<worksheet xmlns="{MAIN}">' + rows('<c r="A1"><v>7</v></c>') + "</worksheet>"
    found = blocks(book(rows("<c><v>1</v></c>"), parts={"xl/worksheets/sheet9.xml": part}))
    assert [(b.text, b.hidden, b.note) for b in found[1:]] == [
        ("", "hidden_sheet", f"工作簿未列出的工作表“{found[2].location.cell.partition('!')[0]}”"),
        ("7", "hidden_sheet", found[1].note),
    ]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("7", "7"),
        ("007", "007"),
        ("1200.0", "1200"),
        ("-3.50", "-3.5"),
        ("0.30000000000000004", "0.3"),
        ("1E3", "1000"),
        ("1.0000000000000001E-2", "0.01"),
        ("1e999", "1e999"),
        ("不是数", "不是数"),
        ("1_0", "1_0"),
        ("6222021900000000017", "6222021900000000017"),
        ("1E+16", "10000000000000000"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_numbers(raw: str, text: str) -> None:
    """Numbers are told as a reader sees them; what is no number is told as it stands."""
    assert shown(f'<c r="A1"><v>{raw}</v></c>') == text


@pytest.mark.parametrize(
    "raw", ["1.1E+17", "110101190203140000", "6.222021900000001E+15", "6222021900000010", "110101190003070016"]
)
def test_numbers_that_lost_digits(raw: str) -> None:
    """Whatever went through a float is reported, however it was written down."""
    found = read(book(rows(f'<c r="B2"><v>{raw}</v></c>')))
    assert [item.code for item in found if isinstance(item, Unread)] == ["corrupted"]
    assert found[0].text.isdigit()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("code", "raw", "text"),
    [
        ("yyyy/m/d", "45717", "2025-03-01"),
        ("yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", "45717.5", "2025-03-01"),
        ("[$-804]m/d", "1", "1900-01-01"),
        ("yyyy-mm-dd hh:mm", "45717.354166666664", "2025-03-01 08:30"),
        ("h:mm:ss", "45717.354166666664", "08:30"),
        ("[h]:mm", "2.5", "60:00"),
        ("mm:ss", "0.000011574", "00:00:01"),
        ("d", "60", "1900-02-29"),
        ("d", "-1", "-1"),
        ("d", "99999999", "99999999"),
        ("0.00%", "0.25", "0.25"),
        ("General", "45717", "45717"),
        ("#,##0&quot;元/d&quot;", "45717", "45717"),
        ("[Red]0", "5", "5"),
        ("00000", "123", "00123"),
    ],
)
def test_number_formats(code: str, raw: str, text: str) -> None:
    """A date format makes a date; literals, colours and conditions in a format do not."""
    styles = (
        f'<numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs>'
    )
    assert shown(f'<c r="A1" s="1"><v>{raw}</v></c>', styles) == text


def test_dates_since_1904() -> None:
    """The other calendar of old Macintosh files."""
    styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    cell = '<c r="A1" s="0"><v>44255</v></c>'
    assert shown(cell, styles) == "2021-02-28"
    assert shown(cell, styles, '<workbookPr date1904="1"/>') == "2025-03-01"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c t="b"><v>0</v></c>', "FALSE"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="str"><v>结果</v></c>', "结果"),
        ('<c t="inlineStr"><is><r><t>前</t></r><r><t>后</t></r></is></c>', "前后"),
        ('<c t="d"><v>2024-03-01</v></c>', "2024-03-01"),
        ('<c t="str"><v>_x0031_38_x000D_\n</v></c>', "138\n"),
        ('<c t="str"><v>前<!-- 注 -->后<![CDATA[尾]]></v></c>', "前后尾"),
    ],
)
def test_kinds_of_cells(cell: str, text: str) -> None:
    """Every kind of value, escapes and cut texts included."""
    assert shown(cell) == text


def test_readings_above_a_string_are_not_part_of_it() -> None:
    """Phonetic readings stand beside the string."""
    strings = "<si><t>張三</t><rPh><t>zhang</t></rPh></si>"
    assert blocks(book(rows('<c t="s"><v>0</v></c>'), strings=strings))[0].text == "張三"


@pytest.mark.parametrize("formula", ["SUM(A1:B2)", 'IF(A1="x","y","z")', 'VLOOKUP(A1,"12345")'])
def test_plain_formulas_are_not_told(formula: str) -> None:
    """Only words and long numbers in a formula may be a leak."""
    assert [block.text for block in blocks(book(rows(f"<c><f>{formula}</f><v>1</v></c>")))] == ["1"]


def test_white_text_in_a_styled_table_can_be_read() -> None:
    """The style of a table paints the ground of its header."""
    styles = (
        '<fonts><font/><font><color theme="0"/></font></fonts><fills><fill/></fills>'
        '<cellXfs><xf/><xf fontId="1"/></cellXfs>'
    )
    cells = rows('<c r="A1" s="1"><v>1</v></c>', '<c r="B1" s="1"><v>2</v></c>')
    relation = f'<Relationship Id="t" Type="{OFFICE}/table" Target="../tables/table1.xml"/>'
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>',
        "xl/tables/table1.xml": f'<table xmlns="{MAIN}" ref="A1:A9"/>',
    }
    notes = [block.note for block in blocks(book(cells, styles=styles, parts=parts))]
    assert notes == ["", "白色文字"]


def test_a_workbook_of_libreoffice() -> None:
    """What LibreOffice writes: collapsed rows and columns, a date in words, a comment, a sheet not displayed."""
    found = [item for item in read((FILES / "libreoffice.xlsx").read_bytes()) if isinstance(item, Block)]
    held = {block.text: (block.location.cell, block.hidden, block.note) for block in found}
    assert held["1903-05-06"] == ("花名册!B2", None, "")
    assert held["0.25"] == ("花名册!C2", None, "")
    assert held["第一行\n第二行"] == ("花名册!F2", None, "")
    assert held["收起的E"] == ("花名册!E1", "hidden_row_column", "已隐藏的 D–E 列")
    assert held["收起的二"] == ("花名册!A4", "hidden_row_column", "已隐藏的第 3–4 行")
    assert held["表内批注的暗记"] == ("花名册!A2", "comment", "王* A2 的批注")
    assert held["藏着的暗记"] == ("藏着的表!A1", "hidden_sheet", "已隐藏的工作表“藏着的表”")


def test_an_empty_workbook_is_not_clean() -> None:
    """Nothing written: that is said."""
    with pytest.raises(ReadError) as caught:
        read(book("<sheetData/>"))
    assert caught.value.code == "empty"
    with pytest.raises(ReadError) as caught:
        read(book("<sheetData/>", parts={"xl/media/image1.png": "x"}))
    assert caught.value.code == "no_text_layer"


def test_white_words_in_a_cell_mark_the_cell() -> None:
    white = '<rPr><color rgb="FFFFFFFF"/></rPr>'
    mixed = f"<si><r><t>看得见</t></r><r>{white}<t>白色的暗记</t></r></si><si><r><t>甲</t></r><r><t>乙</t></r></si>"
    inline = f'<c r="C1" t="inlineStr"><is><r><t>甲</t></r><r>{white}<t>乙</t></r></is></c>'
    cells = rows(
        '<c r="A1" t="s"><v>0</v></c>', '<c r="B1" t="s"><v>1</v></c>', inline, '<c r="D1" s="1" t="s"><v>0</v></c>'
    )
    dark = (
        '<fonts><font/></fonts><fills><fill/><fill><patternFill patternType="solid"><fgColor rgb="FF000080"/>'
        '</patternFill></fill></fills><cellXfs><xf/><xf fillId="1"/></cellXfs>'
    )
    found = blocks(book(cells, strings=mixed, styles=dark))
    note = "单元格内有白色文字"
    assert [(item.location.cell, item.hidden, item.note) for item in found] == [
        ("表1!A1", "hidden_text", note),
        ("表1!B1", None, ""),
        ("表1!C1", "hidden_text", note),
        ("表1!D1", None, ""),
    ]
