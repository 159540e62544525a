"""Names, queries, remarks and addresses that a package keeps in its markup: told unless the document says them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx as python_docx
import openpyxl
import pptx as python_pptx
import pytest
from invented import RESIDENT_ID, package

from prescan.formats import identify, read
from prescan.formats.concealment import is_substantial_data
from prescan.formats.residue import has_number_or_sentence
from prescan.types import Block, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

ID = RESIDENT_ID
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/mailMergeSource" Target="file:///D:/名单/{ID}.xlsx" TargetMode="External"/></Relationships>'
)


def saved(made: object) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def word() -> bytes:
    made = python_docx.Document()
    made.add_paragraph("看得见的正文")
    return saved(made)


def sheet() -> bytes:
    made = openpyxl.Workbook()
    made.active.append(["看得见的单元格"])
    return saved(made)


def slide() -> bytes:
    made = python_pptx.Presentation()
    made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = "看得见的标题"
    return saved(made)


def changed(source: bytes, part: str, before: str = "", added: str | bytes = "", *, remark: bytes = b"") -> bytes:
    """Return a package with something put into a part, or with a new part, or with a remark behind it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part and before:
                assert before.encode() in content
                content = content.replace(before.encode(), f"{added!s}{before}".encode(), 1)
            new.writestr(name, content)
        if part and not before:
            new.writestr(part, added)
        new.comment = remark
    return out.getvalue()


def open_document(content: str) -> bytes:
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
    )
    body = f"<office:body><office:text>{content}<text:p>看得见的正文</text:p></office:text></office:body>"
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {namespaces}>{body}</office:document-content>",
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


W, BODY, BOOK = "word/document.xml", "</w:body>", "xl/workbook.xml"
VIEWS = f'<customWorkbookViews><customWorkbookView name="证{ID}"/></customWorkbookViews>'
CHOICE = f'<w:sdt><w:sdtPr><w:comboBox w:lastValue="{ID}"/></w:sdtPr></w:sdt>'
MERGE = f'<w:mailMerge><w:query w:val="a={ID}"/></w:mailMerge>'
ELSEWHERE = "随文件保存的数据"
FILES = {
    "bookmark": (word, W, BODY, f'<w:p><w:bookmarkStart w:id="3" w:name="证{ID}"/></w:p>', ELSEWHERE),
    "bookmark after letters": (word, W, BODY, f'<w:p><w:bookmarkStart w:id="3" w:name="id{ID}"/></w:p>', ELSEWHERE),
    "element": (word, W, BODY, f'<w:customXml w:element="证{ID}"/>', ELSEWHERE),
    "chosen value": (word, W, BODY, CHOICE, ELSEWHERE),
    "style": (word, "word/styles.xml", "</w:styles>", f'<w:style><w:name w:val="证{ID}"/></w:style>', "样式的名称"),
    "query": (word, "word/settings.xml", "</w:settings>", MERGE, "文档设置"),
    "source of a mail": (word, "word/_rels/settings.xml.rels", "", LINK, "外部链接的地址"),
    "remark": (word, W, BODY, f"<!-- 证件 {ID} -->", "代码注释"),
    "name of a part": (word, f"word/media/证{ID}.xml", "", "<a/>", "内部文件的名称"),
    "view": (sheet, BOOK, "</workbook>", VIEWS, ELSEWHERE),
    "slicer": (sheet, "xl/slicerCaches/slicerCache1.xml", "", f'<a xmlns="{MAIN}"><i n="{ID}"/></a>', ELSEWHERE),
    "show": (slide, "ppt/presentation.xml", "</p:presentation>", f'<p:custShow name="放映{ID}" id="0"/>', ELSEWHERE),
}


def told(data: bytes) -> list[Block]:
    blocks = [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block)]
    return [block for block in blocks if ID in block.text]


@pytest.mark.parametrize("name", FILES)
def test_what_only_the_markup_says_is_told_as_hidden(name: str) -> None:
    make, part, before, added, note = FILES[name]
    (found,) = told(changed(make(), part, before, added))
    assert (found.location.part, found.hidden, found.note) == ("hidden", "hidden_text", note)


PEOPLE = {
    "people.xml": (
        word,
        "word/people.xml",
        '<people><person author="赵某甲"><i userId="S::z@x.gov.cn::6f"/></person></people>',
    ),
    "persons": (sheet, "xl/persons/person.xml", '<l><person displayName="赵某甲" userId="S::z@x.gov.cn"/></l>'),
    "authors": (slide, "ppt/authors.xml", '<l><author name="赵某甲" userId="z@x.gov.cn"/></l>'),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_who_commented_is_a_property(name: str) -> None:
    make, part, content = PEOPLE[name]
    data = changed(make(), part, "", content)
    found = [
        item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block) and "批注者" in item.text
    ]
    assert [(item.text, item.hidden) for item in found] == [
        ("批注者：赵某甲", "metadata"),
        ("批注者：z@x.gov.cn", "metadata"),
    ]


@pytest.mark.parametrize(
    ("make", "part", "content", "text", "note"),
    [
        (slide, "ppt/tags/tag1.xml", '<l><tag name="K" val="某甲的初稿"/></l>', "某甲的初稿", ELSEWHERE),
        (sheet, "xl/queryTables/queryTable1.xml", '<q name="内网人员查询"/>', "内网人员查询", "外部数据连接"),
        (sheet, "xl/connections.xml", '<l><c name="内网库"><d connection="Uid=sa"/></c></l>', "Uid=sa", "外部数据连接"),
    ],
)
def test_short_words_where_only_people_write(
    make: Callable[[], bytes], part: str, content: str, text: str, note: str
) -> None:
    data = changed(make(), part, "", content)
    found = [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block) and item.text == text]
    assert [(item.hidden, item.note) for item in found] == [("hidden_text", note)]


def test_a_number_in_a_header_of_a_sheet_is_no_residue() -> None:
    """Its codes are not text."""
    data = changed(
        sheet(),
        "xl/worksheets/sheet1.xml",
        "</worksheet>",
        f"<headerFooter><oddHeader>&amp;C&amp;B证件{ID}</oddHeader></headerFooter>",
    )
    assert [block.hidden for block in told(data)] == [None]


@pytest.mark.parametrize("key", ["a110101190203140028", "f0110101190203140028e", "00ab110101190203140028"])
def test_a_piece_of_a_key_is_no_number(key: str) -> None:
    assert not has_number_or_sentence(key)


def test_a_remark_behind_the_package_is_told() -> None:
    (found,) = told(changed(word(), "", remark=f"证件{ID}".encode()))
    assert (found.hidden, found.note) == ("hidden_text", "压缩包注释")


def test_a_part_is_looked_through_in_each_document_that_holds_it() -> None:
    """A part that says something is none of those that need no second look, nor is one that was told elsewhere."""
    first, *later = (told(changed(word(), *FILES["style"][1:4])) for _ in range(3))
    assert [len(first), *map(len, later)] == [1, 1, 1]
    spoken = changed(changed(word(), *FILES["style"][1:4]), W, BODY, f"<w:p><w:r><w:t>证{ID}</w:t></w:r></w:p>")
    assert [block.location.part for block in told(spoken)] == ["body"]
    assert len(told(changed(word(), *FILES["style"][1:4]))) == 1


def test_a_changed_part_is_looked_through_though_it_was_silent_before() -> None:
    assert told(word()) == []
    assert len(told(changed(word(), *FILES["style"][1:4]))) == 1


def test_names_in_an_open_document_are_told() -> None:
    (found,) = told(open_document(f'<text:p><text:bookmark text:name="证{ID}"/></text:p>'))
    assert (found.hidden, found.note) == ("hidden_text", ELSEWHERE)


def test_what_programs_call_lists_is_not_told() -> None:
    lists = (
        "<text:list xml:id='list6066327936259100700'><text:list-item><text:p>项</text:p></text:list-item></text:list>"
    )
    data = open_document(lists)
    assert not [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block) and item.hidden]


def test_what_the_document_says_itself_is_not_told_again() -> None:
    held = f'<w:p><w:bookmarkStart w:id="3" w:name="{ID}"/><w:r><w:t>证件号码{ID}</w:t></w:r></w:p>'
    assert [block.location.part for block in told(changed(word(), W, BODY, held))] == ["body"]


def test_long_numbers_inside_tags_do_not_keep_the_search_from_going_on() -> None:
    held = f'<w:p><w:r><w:t>一段足够长的文字</w:t></w:r><w:x w:n="123456789012345"/><w:y>{ID}</w:y></w:p>'
    assert len(told(changed(word(), W, BODY, held))) == 1


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        (ID, True),
        ("D:/名单/13800138000.xlsx", True),
        ("关于某某同志有关问题的情况", True),
        ("{2F5C1A7B-1234-5678-9ABC-123456789012}", False),
        ("0.12345678901234", False),
        ("a13800138000b", False),
        ("微软雅黑标题", False),
        ("100000000000", False),
        ("11111121111", False),
        ("20240106080000", False),
        ("20240106080000123", False),
        ("2024010608000012", True),
    ],
)
def test_only_long_numbers_and_sentences_are_for_people(text: str, tells: bool) -> None:
    assert has_number_or_sentence(text) is tells


def test_the_name_of_a_sheet_is_no_residue() -> None:
    made = openpyxl.Workbook()
    made.active.title = "某市某局贷款按行业分类统计表"
    made.active.append(["看得见的单元格"])
    data = saved(made)
    blocks = [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block)]
    assert [block.text for block in blocks if block.hidden == "hidden_text"] == []


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        *((number, False) for number in ("2228224", "000000", "0.862713", "1.5e-07", "00FF12", "589825")),
        ("{9d533114-5693-4c15-b0f0-fbc52c0c62bf}", False),
        *((number, True) for number in (ID, "19900101", "0999-8812345", "13800138003", "S00001000")),
        ("陈小明住在青禾县石桥村", True),
    ],
)
def test_numbers_of_programs_in_stored_data_are_not_for_people(text: str, tells: bool) -> None:
    assert is_substantial_data(text) is tells
    data = changed(sheet(), "customXml/item1.xml", added=f"<a>{text}</a>")
    found = [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block)]
    assert any(text in item.text for item in found) is tells
