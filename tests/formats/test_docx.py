"""Word documents: every hiding place is found, under its own name, and nothing is told twice."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from prescan.errors import ReadError
from prescan.formats import docx
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Limits, Unread

FILES = Path(__file__).parent / "files"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LIMITS = Limits()


def read(name: str) -> list[Block | Unread]:
    """Read a fixture."""
    return list(docx.read((FILES / name).read_bytes(), LIMITS))


def package(**parts: str | bytes) -> bytes:
    """Return a package of these parts in the folder `word`; a name without extension is an XML part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(f"word/{name}" if "." in name else f"word/{name}.xml", content)
    return out.getvalue()


def body(content: str, **parts: str | bytes) -> list[Block | Unread]:
    """Read a document with this body."""
    return list(
        docx.read(package(document=f"<w:document {W}><w:body>{content}</w:body></w:document>", **parts), LIMITS)
    )


def paragraph(*runs: str) -> str:
    """Return a paragraph of plain runs."""
    return "<w:p>" + "".join(f"<w:r><w:t>{text}</w:t></w:r>" for text in runs) + "</w:p>"


@pytest.fixture(scope="module", params=["places.docx", "strict.docx"])
def places(request: pytest.FixtureRequest) -> list[Block]:
    """Return the document with a canary in every place, in transitional and in strict OOXML."""
    found = read(request.param)
    assert [item for item in found if isinstance(item, Unread)] == []
    return [item for item in found if isinstance(item, Block)]


PLACES = [
    # text, part, hidden, note
    ("第一段的暗记", "body", None, ""),
    ("制表  换行\n不断-软\u00ad回车\n尾", "body", None, ""),
    ("控件内的暗记", "body", None, ""),
    ("智能链接内的暗记", "body", None, ""),
    ("\uf0fe符号", "body", None, ""),
    ("務(wù)", "body", None, ""),
    ("E=mc", "body", None, ""),
    ("域的结果3", "body", None, ""),
    ("引用", "body", None, ""),
    ("目录第一章", "body", None, ""),
    ("01", "inserted", "tracked_change", "王* 2024-03-01 插入的文字"),
    ("99", "deleted", "tracked_change", "王* 2024-03-01 删除的文字"),
    ("移来的暗记", "inserted", "tracked_change", "王* 2024-03-01 插入的文字"),
    ("移走的暗记", "deleted", "tracked_change", "王* 2024-03-01 删除的文字"),
    ("整段删除的暗记", "deleted", "tracked_change", "删除的文字"),
    ("隐藏的暗记", "hidden", "hidden_text", "隐藏文字"),
    ("白色的暗记", "hidden", "hidden_text", "白色文字"),
    ("极小的暗记", "hidden", "hidden_text", "极小文字"),
    ("样式隐藏的暗记", "hidden", "hidden_text", "隐藏文字"),
    ("深色底上的白字", "body", None, ""),
    ("格内插入", "inserted", "tracked_change", "王* 2024-03-01 插入的文字"),
    ("页眉内的暗记", "header", None, ""),
    ("页脚内的暗记第二节", "footer", None, ""),
    ("脚注的暗记", "note", None, ""),
    ("尾注的暗记", "note", None, ""),
    ("文本框内的暗记", "textbox", None, ""),
    ("水印的暗记", "textbox", None, ""),
    ("图表标题", "textbox", None, ""),
    ("分类甲", "textbox", None, ""),
    ("批注的暗记", "comment", "comment", "王* 2024-03-02 批注"),
    ("编号 190012", "hidden", "hidden_text", "内容控件的标题"),
    (' HYPERLINK "mailto:canary@example.org" ', "hidden", "hidden_text", "域代码"),
    (' QUOTE "引用的暗记" ', "hidden", "hidden_text", "域代码"),
    ("图文集的暗记", "hidden", "hidden_text", "自动图文集中的文字"),
    ("13800138000", "hidden", "hidden_text", "随文件保存的数据"),
    ("CANARY-190012", "hidden", "hidden_text", "随文件保存的数据"),
    ("选项甲", "form", None, ""),
    ("图片说明的暗记", "image", None, ""),
    ("形状的说明", "image", None, ""),
    ("作者：张三", "metadata", "metadata", "文件属性"),
    ("最后修改者：李四", "metadata", "metadata", "文件属性"),
    ("单位：某县某局", "metadata", "metadata", "文件属性"),
    ("经办人：赵某甲", "metadata", "metadata", "文件属性"),
    ("模板：file:///C:/Users/zhao/公文.dotx", "metadata", "metadata", "文件属性"),
]


@pytest.mark.parametrize(("text", "part", "hidden", "note"), PLACES, ids=[place[0].strip() for place in PLACES])
def test_each_place_is_told_once(places: list[Block], text: str, part: str, hidden: str | None, note: str) -> None:
    """A canary is found in its own place, with its note, exactly once."""
    found = [(block.location.part, block.hidden, block.note) for block in places if block.text == text]
    assert found == [(part, hidden, note)]


def test_nothing_else_is_hidden(places: list[Block]) -> None:
    """Plain fields, program defaults, prompts and empty separators are no hidden places."""
    told = {place[0] for place in PLACES}
    assert [block.text for block in places if block.hidden and block.text and block.text not in told] == []


def test_embedded_files_are_told_by_their_extension(places: list[Block]) -> None:
    """The place of an embedded file is told, whether or not it can be read."""
    embedded = [(block.text, block.location.part, block.note) for block in places if block.hidden == "embedded_file"]
    assert embedded == [("", "attachment", "内嵌文件：xlsx"), ("", "attachment", "内嵌文件：mht")]


def test_parts_come_in_the_order_of_the_contract(places: list[Block]) -> None:
    """Body with tables, headers, footers, notes, text boxes, comments, deletions, hidden, …, metadata, attachments."""
    order = [
        "header",
        "footer",
        "note",
        "textbox",
        "comment",
        "deleted",
        "hidden",
        "form",
        "image",
        "metadata",
    ]
    first_header = next(at for at, block in enumerate(places) if block.location.part == "header")
    parts = [block.location.part for block in places[first_header:] if block.location.member is None]
    assert list(dict.fromkeys(parts)) == [*order, "attachment"]


def test_a_revision_does_not_tear_a_number(places: list[Block]) -> None:
    """The pieces of a paragraph follow each other without a break, the deletion between them is out of the way."""
    at = next(at for at, block in enumerate(places) if block.text == "编号 1900")
    assert [(block.text, block.sep) for block in places[at : at + 3]] == [
        ("编号 1900", ""),
        ("01", ""),
        ("02 止", PARAGRAPH_BREAK),
    ]
    assert {block.location.paragraph for block in places[at : at + 3]} == {13}


def test_table_grid(places: list[Block]) -> None:
    """Cells keep their grid position, empty cells stay, a nested table follows its row."""
    cells = [(block.location.cell, block.text, block.sep) for block in places if block.location.cell]
    assert cells == [
        ("表1!A1", "合并格", CELL_BREAK),
        ("表1!C1", "第三列", PARAGRAPH_BREAK),
        ("表1!A2", "上\n下", CELL_BREAK),
        ("表1!B2", "竖并", CELL_BREAK),
        ("表1!C2", "格内插入", PARAGRAPH_BREAK),
        ("表1!A3", "", CELL_BREAK),
        ("表1!B3", "", CELL_BREAK),
        ("表1!C3", "末格", PARAGRAPH_BREAK),
        ("表2!A1", "内甲", CELL_BREAK),
        ("表2!B1", "内乙", PARAGRAPH_BREAK),
    ]
    assert {block.location.part for block in places if block.location.cell} == {"table", "inserted"}


def test_pages_and_paragraphs(places: list[Block]) -> None:
    """An explicit break and the rendered break it caused turn one page; blank paragraphs do not count."""
    seen = {block.text: block.location for block in places}
    assert (seen["第一段的暗记"].page, seen["第一段的暗记"].paragraph) == (1, 1)
    assert (seen["第二段的暗记\n"].page, seen["第二段的暗记\n"].paragraph) == (1, 2)
    assert (seen["第二页的暗记"].page, seen["第二页的暗记"].paragraph) == (2, 3)
    assert seen["页眉内的暗记"].page is None


def test_no_pages_without_rendered_breaks() -> None:
    """An explicit break alone does not tell the pages."""
    (block,) = body("<w:p><w:r><w:t>甲</w:t><w:br w:type='page'/><w:t>乙</w:t></w:r></w:p>")
    assert isinstance(block, Block)
    assert (block.text, block.location.page) == ("甲\n乙", None)


def test_libreoffice_document() -> None:
    """What LibreOffice writes is read as well as what Word writes."""
    blocks = [item for item in read("libreoffice.docx") if isinstance(item, Block)]
    assert [(block.text, block.location.part, block.hidden, block.note) for block in blocks] == [
        ("正文首段之后", "body", None, ""),
        ("前", "body", None, ""),
        ("插入的暗记", "inserted", "tracked_change", "王* 2024-03-01 插入的文字"),
        ("中后", "body", None, ""),
        ("可见", "body", None, ""),
        ("隐藏的暗记", "hidden", "hidden_text", "隐藏文字"),
        ("框旁", "body", None, ""),
        ("甲格", "table", None, ""),
        ("乙格", "table", None, ""),
        ("末段", "body", None, ""),
        ("页眉内的暗记", "header", None, ""),
        ("页脚内的暗记", "footer", None, ""),
        ("  脚注的暗记", "note", None, ""),
        ("文本框内的暗记", "textbox", None, ""),
        ("批注的暗记", "comment", "comment", "王* 2024-03-03 批注"),
        ("删除的暗记", "deleted", "tracked_change", "李* 2024-03-02 删除的文字"),
        ("作者：钱某", "metadata", "metadata", "文件属性"),
        ("标题：测试标题", "metadata", "metadata", "文件属性"),
    ]


def test_a_fallback_that_says_something_else_is_read_too() -> None:
    """Old and new programs would show different texts: both are told."""
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    found = body(
        f"<mc:AlternateContent xmlns:mc='{mc}'><mc:Choice>{paragraph('新')}</mc:Choice>"
        f"<mc:Fallback>{paragraph('旧')}</mc:Fallback></mc:AlternateContent>"
    )
    assert [block.text for block in found if isinstance(block, Block)] == ["新", "旧"]


def test_unknown_wrappers_are_walked_into() -> None:
    """Text in an element nobody knows is still text, at the level of paragraphs and inside them."""
    found = body(f"<w:novel>{paragraph('外')}</w:novel><w:p><w:novel><w:r><w:t>内</w:t></w:r></w:novel></w:p>")
    assert [block.text for block in found if isinstance(block, Block)] == ["外", "内"]


@pytest.mark.parametrize("wrapper", ["ins", "novel", "sdt"])
def test_deep_nesting_is_read(wrapper: str) -> None:
    """As deep as the parser allows, the walker follows."""
    inner = f"<w:{wrapper}>" * 240 + "<w:r><w:t>深处</w:t></w:r>" + f"</w:{wrapper}>" * 240
    assert [block.text for block in body(f"<w:p>{inner}</w:p>") if isinstance(block, Block)] == ["深处"]


def test_comments_of_markup_do_not_cut_text() -> None:
    """An XML comment inside a text is not there for Word."""
    (block,) = body(paragraph("1900<!-- x -->01"))
    assert isinstance(block, Block)
    assert block.text == "190001"


def test_a_comment_without_words_is_still_a_place() -> None:
    """A comment that holds only a picture is told without text."""
    found = body(paragraph("甲"), comments=f'<w:comments {W}><w:comment w:author="李"><w:p/></w:comment></w:comments>')
    assert [(block.text, block.hidden, block.note) for block in found[1:] if isinstance(block, Block)] == [
        ("", "comment", "李* 批注")
    ]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"document": f"<w:document {W}><w:body><w:p/></w:body></w:document>"}, "empty"),
        ({"document": f"<w:document {W}/>", "media/image1.png": "x"}, "no_text_layer"),
        ({"document": "<w:document"}, "corrupted"),
        (
            {"document": f"<!DOCTYPE a [<!ENTITY x 'y'>]><w:document {W}>{paragraph('&x;')}</w:document>"},
            "corrupted",
        ),
        (
            {"document": f"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><w:document {W}>{paragraph('a')}</w:document>"},
            "corrupted",
        ),
        ({"settings": f"<w:settings {W}/>"}, "corrupted"),
        ({}, "corrupted"),
    ],
    ids=["blank", "scan", "broken", "entity", "dtd", "no body", "no parts"],
)
def test_a_document_of_which_nothing_can_be_read(parts: dict[str, str], code: str) -> None:
    """It ends in an error, never in an empty result."""
    with pytest.raises(ReadError) as caught:
        list(docx.read(package(**parts), LIMITS))
    assert caught.value.code == code


def test_a_broken_part_is_unread_and_the_rest_is_read() -> None:
    """One broken part does not cost the others."""
    found = body(paragraph("正文"), footnotes="<w:footnotes", header1=f"<w:hdr {W}>{paragraph('页眉')}</w:hdr>")
    assert [block.text for block in found if isinstance(block, Block)] == ["正文", "页眉"]
    assert [(item.name, item.code) for item in found if isinstance(item, Unread)] == [
        ("word/footnotes.xml", "corrupted")
    ]


def test_a_text_over_ten_megabytes_is_unread() -> None:
    """The parser gives up on such a text: the part is told as unread, the header is read."""
    huge = f"<w:document {W}><w:body>{paragraph('字' * 3_500_000)}</w:body></w:document>"
    parts = package(document=huge, header1=f"<w:hdr {W}>{paragraph('页眉')}</w:hdr>")
    found = list(docx.read(parts, Limits(ratio=100_000)))
    assert [block.text for block in found if isinstance(block, Block)] == ["页眉"]
    assert [(item.name, item.code) for item in found if isinstance(item, Unread)] == [
        ("word/document.xml", "corrupted")
    ]


def test_only_hidden_content_is_not_silence() -> None:
    """A page without text whose deletions were read is still told as empty."""
    deleted = "<w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>"
    block, unread = body(deleted)
    assert isinstance(block, Block)
    assert isinstance(unread, Unread)
    assert (block.text, block.location.part, unread.code) == ("删", "deleted", "empty")


def test_headers_that_differ_are_all_read() -> None:
    """Only a header that repeats another word for word is left out."""
    headers = {f"header{n}": f"<w:hdr {W}>{paragraph(text)}</w:hdr>" for n, text in enumerate("甲乙甲", 1)}
    found = body(paragraph("正文"), **headers)
    assert [block.text for block in found if isinstance(block, Block)] == ["正文", "甲", "乙"]


def test_a_field_that_never_ends_is_told() -> None:
    """A code without an end mark is not lost."""
    found = body(
        paragraph("甲")
        + "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>QUOTE 暗记</w:instrText></w:r></w:p>"
    )
    assert [(block.text, block.note) for block in found if isinstance(block, Block)] == [
        ("甲", ""),
        ("QUOTE 暗记", "域代码"),
    ]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("https://example.org/art/190012345.html", False),
        ("mailto:zhao@example.org", True),
        ("file:///D:/赵/a.doc", True),
    ],
)
def test_link_targets(target: str, told: bool) -> None:
    """A web page's address is plain; a mailbox or a path is told as hidden."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    )
    found = body(paragraph("甲"), **{"_rels/document.xml.rels": relations})
    hidden = [(block.text, block.note) for block in found if isinstance(block, Block) and block.hidden]
    assert hidden == ([(target, "超链接地址")] if told else [])


def test_alternative_content_chunk_is_an_embedded_file() -> None:
    """A chunk of another format is told even when its name looks like an ordinary part."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk" Target="chunk.xml"/>'
        "</Relationships>"
    )
    found = body(paragraph("甲"), chunk="<html/>", **{"_rels/document.xml.rels": relations})
    assert [block.note for block in found if isinstance(block, Block) and block.hidden] == ["内嵌文件：xml"]


STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:styleId="Pale"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Paler"><w:basedOn w:val="Pale"/></w:style>
<w:style w:type="paragraph" w:styleId="Banner"><w:pPr><w:shd w:val="clear" w:fill="1F3864"/></w:pPr>
<w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Dust"><w:rPr><w:sz w:val="2"/></w:rPr></w:style>
<w:style w:type="table" w:styleId="Grid"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style></w:styles>"""


@pytest.mark.parametrize(
    ("style", "run", "note"),
    [
        ("Pale", "", "白色文字"),
        ("Paler", "", "白色文字"),
        ("Banner", "", ""),
        ("Pale", '<w:rPr><w:color w:val="000000"/></w:rPr>', ""),
        ("Pale", '<w:rPr><w:shd w:val="clear" w:fill="000080"/></w:rPr>', ""),
        ("Body", '<w:rPr><w:rStyle w:val="Dust"/></w:rPr>', "极小文字"),
        ("Body", '<w:rPr><w:rStyle w:val="Dust"/><w:sz w:val="24"/></w:rPr>', ""),
        ("Grid", "", ""),
    ],
)
def test_styles_that_make_text_white_or_tiny(style: str, run: str, note: str) -> None:
    """A run's own colour and size count before those of its style."""
    text = f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r>{run}<w:t>字</w:t></w:r></w:p>'
    found = [item for item in body(text, styles=STYLES) if isinstance(item, Block) and item.text == "字"]
    assert [(item.hidden, item.note) for item in found] == [("hidden_text" if note else None, note)]
