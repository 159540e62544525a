"""What is hidden or left over in PDFs: each kind by its text and its place, and what only looks hidden."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import NameObject, TextStringObject

from prescan.errors import ReadError
from prescan.formats.pdf import read
from prescan.formats.pdf.fallback import fallback
from prescan.formats.pdf.revisions import revision_ends
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Limits, Unread

FILES = Path(__file__).parent / "files"
NUMBER = "110101190001010014"


def read_all(data: bytes) -> list[Block | Unread]:
    """Read a file to the end."""
    return list(read(data, Limits()))


def blocks(name: str) -> list[Block]:
    """Return the blocks of a file of which everything was read."""
    items = read_all((FILES / f"{name}.pdf").read_bytes())
    assert all(isinstance(item, Block) for item in items)
    return [item for item in items if isinstance(item, Block)]


def places(name: str) -> list[tuple[str, str, str | None, str]]:
    """Return text, part, finding type and note of each block."""
    return [(block.text, block.location.part, block.hidden, block.note) for block in blocks(name)]


def unseen(name: str) -> list[tuple[str, str | None, str]]:
    """Return text, finding type and note of what is not seen."""
    return [(text, hidden, note) for text, part, hidden, note in places(name) if part == "hidden"]


def test_text_under_covers() -> None:
    """Boxes of any colour, pictures, broad lines, and boxes inside of forms: what is under them keeps its place."""
    found = blocks("covers")
    assert [block.note for block in found[1::3]] == [
        "第 1 页黑框下的文字",
        "第 1 页白框下的文字",
        "第 1 页色块下的文字",
        "第 1 页图片下的文字",
        "第 1 页黑框下的文字",
        "第 1 页黑框下的文字",
    ]
    for before, covered, after in zip(found[::3], found[1::3], found[2::3], strict=True):
        assert (before.text, before.sep, before.location.part, before.hidden) == ("身份证号：", "", "body", None)
        assert (covered.text, covered.sep, covered.hidden) == (NUMBER, "", "fake_redaction")
        assert (covered.location.part, covered.location.page) == ("hidden", 1)
        assert covered.location.paragraph == before.location.paragraph
        assert (after.text, after.location.part) == ("，完", "body")


def test_place_of_covered_text() -> None:
    """A covered run has its own box, also on a page that is stored sideways."""
    for name in ("covers", "turned_covered"):
        left, top, right, bottom = blocks(name)[1].location.bbox or (0, 0, 0, 0)
        assert blocks(name)[1].text == NUMBER
        assert left == pytest.approx(132, abs=1)
        assert right == pytest.approx(232, abs=2)
        assert 80 < top < bottom < 110


def test_covered_cell() -> None:
    """A box over a cell is no rule of the table: the number stays in its row."""
    found = blocks("cell_covered")
    assert [(block.text, block.location.cell, block.location.part, block.sep) for block in found] == [
        ("姓名", "表1!A1", "table", CELL_BREAK),
        ("身份证号", "表1!B1", "table", PARAGRAPH_BREAK),
        ("甲一", "表1!A2", "table", CELL_BREAK),
        (NUMBER, "表1!B2", "hidden", PARAGRAPH_BREAK),
        ("甲二", "表1!A3", "table", CELL_BREAK),
        ("110101190001010022", "表1!B3", "table", PARAGRAPH_BREAK),
    ]
    assert (found[3].hidden, found[3].note) == ("fake_redaction", "第 1 页黑框下的文字")


def test_text_under_annotations() -> None:
    """A black square and a mark for redaction that was not applied; a highlight covers nothing."""
    assert unseen("covering_notes") == [
        (NUMBER, "fake_redaction", "第 1 页黑框下的文字"),
        (NUMBER, "fake_redaction", "第 1 页涂黑标记下的文字（标记尚未生效）"),
    ]
    assert f"身份证号：{NUMBER}，完" in [text for text, part, *_ in places("covering_notes") if part == "body"]


def test_what_only_looks_hidden() -> None:
    """Shading, highlighting, a seal, a background, white on dark, text written again over a box, struck text."""
    assert places("seen") == [
        (text, "body", None, "")
        for text in (
            *("底纹上的字", "荧光笔下的字", "正片叠底的字", "二〇二四年三月一日印章下的字"),
            *("深底白字", "先写后盖再写的字", "划掉的字"),
        )
    ]


@pytest.mark.parametrize("name", ["ocr_over", "ocr_under"])
def test_recognised_text_is_body(name: str) -> None:
    """The text that was recognised in a scan is what the reader sees, however it is stored."""
    assert places(name) == [(f"身份证号：{NUMBER}，完", "body", None, "")]


def test_box_over_a_scan() -> None:
    """A box over a scan does not cover what was recognised before."""
    assert places("ocr_covered") == [
        ("身份证号：", "body", None, ""),
        (NUMBER, "hidden", "fake_redaction", "第 1 页黑框下的文字"),
        ("，完", "body", None, ""),
    ]


def test_picture_of_nothing_is_no_scan() -> None:
    """A picture of the size of the page that shows nothing where the text is covers it."""
    assert unseen("blank_sheet") == [(f"身份证号：{NUMBER}，完", "fake_redaction", "第 1 页图片下的文字")]


def test_text_that_does_not_show() -> None:
    """White on white, black on black, not drawn, transparent, tiny."""
    assert places("unseen") == [
        ("看得见的字", "body", None, ""),
        ("白纸白字", "hidden", "hidden_text", "第 1 页与底色相同的文字"),
        ("黑底黑字", "hidden", "fake_redaction", "第 1 页黑底上的黑字"),
        ("不显示的字", "hidden", "hidden_text", "第 1 页不显示的文字"),
        ("透明的字", "hidden", "hidden_text", "第 1 页透明的文字"),
        ("极小的字", "hidden", "hidden_text", "第 1 页极小的文字"),
    ]


def test_printed_by_libreoffice() -> None:
    """White words, and black ones on black, in what an office program prints; grey shading hides nothing."""
    assert places("office_hidden") == [
        ("CANARY-seen ", "body", None, ""),
        ("CANARY-white", "hidden", "hidden_text", "第 1 页与底色相同的文字"),
        (" CANARY-after ", "body", None, ""),
        ("CANARY-black", "hidden", "fake_redaction", "第 1 页黑底上的黑字"),
        ("CANARY-shaded", "body", None, ""),
    ]


def test_layers() -> None:
    """Text in a layer that is off, in marked content or in a form."""
    assert places("layers") == [
        ("打开的图层", "body", None, ""),
        ("关闭的图层", "hidden", "hidden_layer", "第 1 页已关闭图层中的文字"),
        ("表单甲", "body", None, ""),
        ("表单乙", "hidden", "hidden_layer", "第 1 页已关闭图层中的文字"),
    ]


def test_earlier_revisions() -> None:
    """What appended changes replaced, the latest first; what is still there is not repeated."""
    found = blocks("revised")
    assert [(block.text, block.location.part, block.location.page, block.hidden, block.note) for block in found] == [
        ("经办人电话：从略", "body", 1, None, ""),
        ("第二页不变", "body", 2, None, ""),
        ("经办人电话：略", "hidden", 1, "hidden_text", "以前保存的版本中的文字"),
        (f"经办人电话：{NUMBER}", "hidden", 1, "hidden_text", "以前保存的版本中的文字"),
    ]


def test_what_is_no_revision() -> None:
    """A file made to be shown while it loads has two ends, one with a file inside as many as both."""
    data = (FILES / "linear.pdf").read_bytes()
    assert data.count(b"%%EOF") == 2
    assert revision_ends(data) == []
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.add_attachment("a.pdf", (FILES / "revised.pdf").read_bytes())
    stream = io.BytesIO()
    writer.write(stream)
    assert revision_ends(stream.getvalue()) == []


def test_at_most_three_revisions() -> None:
    """Only the latest earlier states are looked at."""
    data = (FILES / "linear.pdf").read_bytes()
    for number in range(6):
        writer = pypdf.PdfWriter(io.BytesIO(data), incremental=True)
        writer.pages[0][NameObject("/Note")] = writer._add_object(TextStringObject(str(number)))
        stream = io.BytesIO()
        writer.write(stream)
        data = stream.getvalue()
    assert len(revision_ends(data)) == 3


def test_beside_the_pages() -> None:
    """Hidden values, names of fields, scripts, bookmarks, properties in XMP: each once, in the contract's order."""
    assert places("extras")[1:13] == [
        ("可见的值", "form", None, ""),
        ("隐藏的值", "form", "hidden_text", "第 1 页隐藏的表单值"),
        ("暗记姓名", "hidden", "hidden_text", "表单域的名称或提示"),
        ("请填写暗记", "hidden", "hidden_text", "表单域的名称或提示"),
        ("脚本内的暗记", "hidden", "hidden_text", "脚本中的文字"),
        (NUMBER, "hidden", "hidden_text", "脚本中的文字"),
        ("书签内的暗记", "metadata", "metadata", "书签"),
        ("标题：通知", "metadata", "metadata", "文件属性"),
        ("作者：王某", "metadata", "metadata", "文件属性"),
        ("作者职务：科长内的暗记", "metadata", "metadata", "文件属性"),
        ("作者：李某", "metadata", "metadata", "文件属性"),
        ("项目：自定义内的暗记", "metadata", "metadata", "文件属性"),
    ]


def test_attachments_are_read() -> None:
    """What is attached is named and read, whatever it is."""
    found = blocks("extras")[13:]
    assert [(block.text, block.location.part, block.hidden, block.location.member) for block in found] == [
        ("名单.pdf", "attachment", "attachment", None),
        ("文件附件内的暗记", "body", None, "名单.pdf"),
        ("说明.txt", "attachment", "attachment", None),
        ("附件内的暗记", "body", None, "说明.txt"),
    ]


def test_attachment_of_a_scan() -> None:
    """A page without text does not keep what is attached to it from being read, and is unread itself."""
    *found, last = read_all((FILES / "scan_attached.pdf").read_bytes())
    assert [item.text for item in found if isinstance(item, Block)] == ["说明.txt", "附件内的暗记"]
    assert isinstance(last, Unread)
    assert last.code == "no_text_layer"


def test_attachment_too_deep() -> None:
    """An attachment beyond the allowed depth is unread by its name."""
    items = list(read((FILES / "extras.pdf").read_bytes(), Limits(depth=0)))
    assert {(item.name, item.code) for item in items if isinstance(item, Unread)} == {
        ("名单.pdf", "archive_limit"),
        ("说明.txt", "archive_limit"),
    }


def test_running_heads_and_feet() -> None:
    """What stands at the same place of several pages is a head or a foot; page numbers and single lines stay."""
    found = blocks("running")
    body = [block for block in found if block.location.part == "body"]
    assert [block.text for block in body] == [
        *("第一段", "- 1 -", "只在这一页", "第二段", "- 2 -", "第三段", "- 3 -", "第四段", "- 4 -", "第五段", "- 5 -"),
    ]
    assert [block.location.paragraph for block in body] == list(range(1, 12))
    rest = [(block.text, block.location.part, block.location.page, block.sep) for block in found[len(body) :]]
    assert rest[:5] == [("某某局文件", "header", page, PARAGRAPH_BREAK) for page in range(1, 6)]
    assert rest[5:7] == [("内部版式", "footer", 1, CELL_BREAK), ("第 1 页", "footer", 1, PARAGRAPH_BREAK)]
    assert len(rest) == 15


def test_two_pages_have_no_running_head() -> None:
    """Twice is not often enough."""
    reader = pypdf.PdfReader(FILES / "running.pdf")
    writer = pypdf.PdfWriter()
    for page in reader.pages[:2]:
        writer.add_page(page)
    stream = io.BytesIO()
    writer.write(stream)
    assert {item.location.part for item in read_all(stream.getvalue()) if isinstance(item, Block)} == {"body"}


def test_words_parted_by_hyphens() -> None:
    """A word parted at the end of a line is one word; a number is left as it stands."""
    text = "".join(block.text + block.sep for block in blocks("hyphens")).replace(PARAGRAPH_BREAK, "\n")
    assert text == "The canary sings in this long line of information, and 110101-\n1900 stays as it is.\nco-op\n"


def test_text_that_is_cut_off_or_written_over() -> None:
    assert unseen("cut_off") == [
        ("看不见看不见", "hidden_text", "第 1 页被裁去、看不到的文字"),
        ("方块下的字", "fake_redaction", "第 1 页黑框下的文字"),
    ]
    assert [text.strip() for text, part, *_ in places("cut_off") if part == "body"] == [
        *("全部看得见的一行字", "看得见", "■■■■■", "后面的字")
    ]


def test_text_that_other_text_is_written_over() -> None:
    """The lower of two texts is told apart; the same text twice, an entry on a rule and a watermark hide nothing."""
    under = (NUMBER, "hidden_text", "第 1 页另一处文字下的文字")
    assert unseen("written_over") == [
        *[under] * 3,
        ("绿底绿字", "hidden_text", "第 1 页与底色相同的文字"),
        ("红图红字", "hidden_text", "第 1 页与底色相同的文字"),
    ]
    body = "".join(text for text, part, *_ in places("written_over") if part == "body")
    assert body.count(NUMBER) == 2
    assert all(text in body for text in ("X" * 14, "*" * 20, "以下内容不予公开略", "王小满", "水印下的字", "内部资料"))


def written(*objects: bytes) -> bytes:
    """Return a pdf of these objects, the first of which is its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        *(size, table, size),
        len(out),
    )


def test_what_is_wrong_with_a_file_is_not_said_of_the_next() -> None:
    """PDFium refuses a file without pages and gives no reason: that of the file before it stands."""
    pageless = written(b"<</Type/Catalog/Names<<>>>>")
    said = []
    for data in (pageless, (FILES / "password.pdf").read_bytes(), pageless):
        with pytest.raises(ReadError) as caught:
            read_all(data)
        said.append(caught.value.code)
    assert said == ["corrupted", "encrypted", "corrupted"]


def test_an_old_name_of_a_filter_ends_a_page_and_not_the_reading() -> None:
    """pypdf refuses some names with an error of its own kind."""
    data = written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length 20>>\nstream\nBT /F 9 Tf (x) Tj ET\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        b"<</Length 10/Filter/A85>>\nstream\n87cURD]~>\n\nendstream",
    )
    with pytest.raises(ReadError, match="损坏"):
        list(fallback(data, Limits()))
