"""PDFs: text with its page and place, paragraphs and tables put together again, and what hides beside the pages."""

from __future__ import annotations

import io
import itertools
import os
import subprocess
import sys
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NullObject, NumberObject
from reportlab.pdfgen.canvas import Canvas

from prescan.errors import ReadError
from prescan.formats.pdf import read
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, SOFT_WRAP, Block, Limits, Unread

FILES = Path(__file__).parent / "files"
HEAD = ["序号", "姓名", "身份证号", "住址"]


def data_of(name: str) -> bytes:
    """Return the bytes of a file made by make_pdf.py."""
    return (FILES / f"{name}.pdf").read_bytes()


def read_all(data: bytes, limits: Limits | None = None) -> list[Block | Unread]:
    """Read a file to the end."""
    return list(read(data, limits or Limits()))


def blocks(name: str) -> list[Block]:
    """Return the blocks of a file of which everything was read."""
    items = read_all(data_of(name))
    assert all(isinstance(item, Block) for item in items)
    return [item for item in items if isinstance(item, Block)]


def table(found: list[Block]) -> list[list[tuple[str | None, str]]]:
    """Return the table cells row by row, as their separators tell."""
    rows: list[list[tuple[str | None, str]]] = [[]]
    for block in found:
        if block.location.part == "table":
            rows[-1].append((block.location.cell, block.text))
            if block.sep == PARAGRAPH_BREAK:
                rows.append([])
    return rows[:-1]


@pytest.mark.parametrize("name", ["roster", "rotated"])
def test_ruled_roster(name: str) -> None:
    """A ruled table gives its cells, wrapped and merged ones too, also on a page that is stored sideways."""
    rows = table(blocks(name))
    assert rows[0] == list(zip(["表1!A1", "表1!B1", "表1!C1", "表1!D1"], HEAD, strict=True))
    assert rows[2] == [
        ("表1!A3", "2"),
        ("表1!B3", "甲02"),
        ("表1!C3", "110101190001010002"),
        ("表1!D3", "某省某市某区某某街道\n某某社区第2号楼东单元"),
    ]
    assert rows[4] == [("表1!A5", "合计"), ("表1!C5", "3 人"), ("表1!D5", "")]


def test_paragraphs() -> None:
    """Lines of a paragraph are joined by soft wraps; title, paragraph and closing line are apart."""
    body = [block for block in blocks("roster") if block.location.part == "body"]
    assert [block.sep for block in body] == [
        PARAGRAPH_BREAK,
        SOFT_WRAP,
        SOFT_WRAP,
        SOFT_WRAP,
        PARAGRAPH_BREAK,
        PARAGRAPH_BREAK,
    ]
    assert [block.location.paragraph for block in body] == [1, 2, 2, 2, 2, 3]
    assert body[0].text == "发放花名册"
    assert (
        "".join(block.text for block in body[1:5])
        == "为贯彻落实有关要求，进一步规范相关工作，现就有关事项通知如下，请结合实际认真执行。" * 3
    )


def test_columns_of_a_page() -> None:
    """A page in two columns is read column by column, each with its own margins."""
    found = blocks("two_columns")
    assert {block.location.part for block in found} == {"body"}
    assert [block.sep for block in found if block.sep != SOFT_WRAP] == [PARAGRAPH_BREAK] * 2
    assert found[-1].location.paragraph == 2


def test_order_and_place() -> None:
    """Blocks come in reading order with page and box in points from the top left."""
    found = blocks("roster")
    assert [block.text for block in (found[0], found[5], found[-1])] == ["发放花名册", "序号", "制表人：王某"]
    assert {block.location.page for block in found} == {1}
    left, top, right, bottom = found[0].location.bbox or (0, 0, 0, 0)
    assert (round(left), round(right)) == (265, 355)
    assert 70 < top < bottom < 110


def test_place_on_a_page_stored_sideways() -> None:
    """The box is the one a reader sees."""
    left, top, right, bottom = blocks("rotated")[0].location.bbox or (0, 0, 0, 0)
    assert 380 < left < right < 485
    assert 70 < top < bottom < 110


def test_table_over_pages() -> None:
    """A table that goes on on the next page stays one table, so that its head still tells the columns."""
    found = blocks("long_roster")
    rows = table(found)
    assert len(rows) == 101
    assert rows[100] == [("表1!A101", "100"), ("表1!B101", "甲100"), ("表1!C101", "110101190001010100")]
    assert {block.location.page for block in found if block.location.part == "table"} == {1, 2, 3}
    assert [block.text for block in found if block.location.part == "body"] == ["- 1 -", "- 2 -", "- 3 -"]


def test_table_without_rules() -> None:
    """Columns alone tell a table."""
    found = blocks("unruled")
    rows = table(found)
    assert rows[0] == [("表1!A1", "序号"), ("表1!B1", "姓名"), ("表1!C1", "身份证号")]
    assert rows[3] == [("表1!A4", "3"), ("表1!B4", "甲03"), ("表1!C4", "110101190001010003")]
    assert [block.text for block in found if block.location.part == "body"] == ["发放名单如下：", "以上名单共三人。"]


def test_table_without_rules_whose_cells_wrap() -> None:
    """A wrapped cell's second line stays in its cell, and the next column in its row."""
    found = blocks("unruled_wrapped")
    for number in (1, 3):
        assert table(found)[number] == [
            (f"表1!A{number + 1}", f"甲0{number}"),
            (f"表1!B{number + 1}", f"某省某市某区某某街道某\n某社区第{number}号楼东单元"),
            (f"表1!C{number + 1}", f"11010119000101000{number}"),
        ]
    assert {block.location.part for block in found} == {"table"}


def test_printed_by_libreoffice() -> None:
    """What an office program prints: paragraphs, and a table whose numbers wrap."""
    found = blocks("office")
    assert found[0].text == "关于发放补贴的通知"
    assert found[0].sep == PARAGRAPH_BREAK
    rows = table(found)
    assert [text for _, text in rows[0]] == HEAD
    assert rows[1][2] == ("表1!C2", "1101011900010\n10001")
    assert found[-1].text == "某某局"


def test_hiding_places() -> None:
    """Notes, properties and attachments are blocks of their own, after the body and in the order of the contract."""
    assert [(block.text, block.location.part, block.hidden, block.note) for block in blocks("marks")[1:]] == [
        ("批注内的暗记", "annotation", "annotation", "第 1 页的注释"),
        ("CANARY-freetext", "annotation", "annotation", "第 1 页的注释"),
        ("标题：标题内的暗记", "metadata", "metadata", "文件属性"),
        ("作者：王某", "metadata", "metadata", "文件属性"),
        ("单位：某局", "metadata", "metadata", "文件属性"),
        ("签批CANARY.md", "attachment", "attachment", "附件：md"),
        ("x", "body", None, ""),
        ("名单CANARY.txt", "attachment", "attachment", "附件：txt"),
        ("x", "body", None, ""),
    ]


def test_form_values() -> None:
    """What was filled in is read."""
    last = blocks("form")[-1]
    assert (last.text, last.location.part, last.location.page, last.hidden) == ("CANARY-field", "form", 1, None)


def test_text_outside_of_the_page() -> None:
    """Text beside the visible page is hidden text."""
    found = blocks("off_page")
    assert [(block.text, block.location.part, block.hidden) for block in found] == [
        ("页内文字", "body", None),
        ("CANARY-off", "hidden", "hidden_text"),
    ]


def test_owner_password_is_readable() -> None:
    """A file that only forbids printing or copying opens without a password."""
    assert blocks("owner_password")[0].text == "关于印发《管理办法》的通知"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (data_of("password"), "encrypted"),
        (data_of("scan"), "no_text_layer"),
        (b"%PDF-1.7\nnot really", "corrupted"),
        (data_of("roster")[:200], "corrupted"),
    ],
)
def test_nothing_readable(data: bytes, code: str) -> None:
    """A file of which nothing can be read says why."""
    with pytest.raises(ReadError) as caught:
        read_all(data)
    assert caught.value.code == code


def test_pages_without_text_are_named() -> None:
    """Pages that are pictures are unread, also with a page number on them; a blank page is not."""
    *found, last = read_all(data_of("pictures"))
    assert isinstance(last, Unread)
    assert (last.code, last.detail.split("页")[0]) == ("no_text_layer", "第 2—3 ")
    assert [block.text for block in found if isinstance(block, Block)][-1] == "- 3 -"


def test_pages_beyond_the_limit_are_named() -> None:
    """What lies beyond the limit is unread, what was read stays."""
    *found, last = read_all(data_of("long_roster"), Limits(pages=1))
    assert isinstance(last, Unread)
    assert last.code == "archive_limit"
    assert "第 2—3 页没有读" in last.detail
    assert found


def test_broken_page_is_named() -> None:
    """A page that cannot be opened is unread, the others are read; what it drew, named by nothing now, is hidden."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data_of("long_roster")))
    writer.pages[1].get_object().clear()
    writer._objects[writer.pages[1].indirect_reference.idnum - 1] = NullObject()
    stream = io.BytesIO()
    writer.write(stream)
    *found, last = read_all(stream.getvalue())
    assert isinstance(last, Unread)
    assert (last.code, last.detail.split("页")[0]) == ("corrupted", "第 2 ")
    assert {block.location.page for block in found if isinstance(block, Block) and not block.hidden} == {1, 3}


def test_what_pdfium_refuses_is_read_another_way() -> None:
    """A file whose trailer names no catalogue is read by pypdf, and the result is never complete."""
    data = data_of("form").replace(b"/Root", b"/Ruut")
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(data)
    *found, last = read_all(data)
    assert [block.text for block in found if isinstance(block, Block)] == ["Name:"]
    assert isinstance(last, Unread)
    assert last.code == "corrupted"


def test_a_drawing_that_pdfium_refuses_is_read_without_its_lines() -> None:
    """What looks like a line in a string is text; lines before and behind it change nothing of where it stands."""
    stream = io.BytesIO()
    made = Canvas(stream, pageCompression=0)
    for turn in range(2):
        for at in range(3_000):
            made.line(at % 500, 10, 500, at % 700)
        made.drawString(72, 700 - 50 * turn, f"turn {turn} (10 20 m 30 40 l 1 2 3 4 re)")
    made.save()
    data = stream.getvalue().replace(b"/Root", b"/Ruut")
    assert len(data) > 100_000
    *found, _ = read_all(data)
    assert [block.text for block in found if isinstance(block, Block)] == [
        f"turn {turn} (10 20 m 30 40 l 1 2 3 4 re)" for turn in range(2)
    ]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.integers(1, 400), st.binary(max_size=6))
def test_damage_ends_in_a_status(at: int, length: int, put: bytes) -> None:
    """Any damage ends in blocks, an Unread or a ReadError; separators follow the contract."""
    data = data_of("roster")
    try:
        items = read_all(data[:at] + put + data[at + length :])
    except ReadError:
        return
    assert items
    told = [item for item in items if isinstance(item, Block)]
    assert {item.sep for item in told} <= {CELL_BREAK, PARAGRAPH_BREAK, SOFT_WRAP, ""}
    for one, following in itertools.pairwise(told):  # nothing lies between what is seen and what is not
        assert one.sep or (one.location.cell == following.location.cell and one.hidden != following.hidden)


def test_sideways_text_without_any_font_is_unread() -> None:
    """Without a Chinese font on the machine PDFium says nothing of such text: that must not look like reading it."""
    hide = "mount -t tmpfs none /usr/share/fonts && exec "
    read_it = "import sys; from prescan.formats.pdf import read; from prescan.types import Limits, Unread; "
    read_it += "print([i.detail for i in read(open(sys.argv[1], 'rb').read(), Limits()) if isinstance(i, Unread)])"
    command = ["unshare", "-m", "sh", "-c", hide + '"$@"', "-", sys.executable, "-c", read_it, FILES / "rotated.pdf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"})
    if done.returncode and ("unshare" in done.stderr or "mount" in done.stderr):
        pytest.skip("needs a mount namespace")
    assert "第 1 页有旋转的文字取不出来" in done.stdout


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("lean", [0, 90, 270])
def test_lines_that_stand_sideways_are_whole(turn: int, lean: int) -> None:
    """A page that was turned in a viewer, a table that was drawn on its side: a number is not cut in characters."""
    lines = ["No. 110101190001010014 of the list", "second line, 13800138000"]
    out = io.BytesIO()
    made = Canvas(out, pagesize=(595, 842))
    made.translate(300, 420)
    made.rotate(lean)
    for at, line in enumerate(lines):
        made.drawString(0, -20 * at, line)
    made.save()
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(out.getvalue())))
    writer.pages[0][NameObject("/Rotate")] = NumberObject(turn)
    turned = io.BytesIO()
    writer.write(turned)
    assert sorted(block.text for block in read(turned.getvalue(), Limits()) if isinstance(block, Block)) == lines


def test_a_drawing_in_a_layer_that_is_off() -> None:
    """The form names the layer, not the text in it; the font is one that every reader brings along."""
    out = io.BytesIO()
    made = Canvas(out, pagesize=(595, 842))
    made.drawString(72, 780, "Visible text of the page with enough characters.")
    made.beginForm("under", 0, 0, 300, 40)
    made.drawString(0, 10, "No. 110101190001010014")
    made.endForm()
    made.doForm("under")
    made.save()
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(out.getvalue())))
    layer = writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/OCG")}))
    form = next(iter(writer.pages[0]["/Resources"]["/XObject"].values())).get_object()
    form[NameObject("/OC")] = layer
    for off in (False, True):
        state = DictionaryObject({NameObject("/OFF"): ArrayObject([layer] if off else [])})
        layers = DictionaryObject({NameObject("/OCGs"): ArrayObject([layer]), NameObject("/D"): state})
        writer._root_object[NameObject("/OCProperties")] = layers
        saved = io.BytesIO()
        writer.write(saved)
        held = [item for item in read(saved.getvalue(), Limits()) if isinstance(item, Block) and "1101" in item.text]
        assert [item.hidden for item in held] == (["hidden_layer"] if off else [None])
