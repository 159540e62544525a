"""Presentations: slides in order, every hiding place under its own name, hostile ones end soon."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from prescan.errors import ReadError
from prescan.formats import pptx
from prescan.types import CELL_BREAK, PARAGRAPH_BREAK, Block, Limits, Unread

FILES = Path(__file__).parent / "files"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
NAMESPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    f'xmlns:r="{OFFICE}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
PICTURE = (
    '<p:pic><p:nvPicPr><p:cNvPr id="1" name="p"/></p:nvPicPr><p:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="{0}" cy="{0}"/></a:xfrm></p:spPr></p:pic>'
)


def deck(*slides: str, parts: dict[str, str | bytes] | None = None, order: str = "") -> bytes:
    """Return a presentation of slides given by their shapes; `order` replaces the list of slides."""
    numbers = range(1, len(slides) + 1)
    relations = "".join(
        f'<Relationship Id="s{n}" Type="{OFFICE}/slide" Target="slides/slide{n}.xml"/>' for n in numbers
    )
    listed = order or "".join(f'<p:sldId id="{255 + n}" r:id="s{n}"/>' for n in numbers)
    held: dict[str, str | bytes] = {
        "ppt/presentation.xml": f"<p:presentation {NAMESPACES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
    }
    for number, content in zip(numbers, slides, strict=True):
        tree = f"<p:cSld><p:spTree>{content}</p:spTree></p:cSld>"
        held[f"ppt/slides/slide{number}.xml"] = f"<p:sld {NAMESPACES}>{tree}</p:sld>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (held | (parts or {})).items():
            archive.writestr(name, content)
    return out.getvalue()


def shape(text: str, placed: str = "", inside: str = "") -> str:
    """Return a shape; `placed`: its xfrm, `inside`: what stands in its nvPr."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="s"/><p:nvPr>{inside}</p:nvPr></p:nvSpPr><p:spPr>{placed}</p:spPr>'
        f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def at(left: int, top: int, width: int, height: int, *inner: int) -> str:
    """Return an xfrm; `inner`: the coordinates inside a group."""
    child = '<a:chOff x="{}" y="{}"/><a:chExt cx="{}" cy="{}"/>'.format(*inner) if inner else ""
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/>{child}</a:xfrm>'


def read(data: bytes) -> list[Block | Unread]:
    """Read a presentation."""
    return list(pptx.read(data, Limits()))


def outcome(data: bytes) -> list[str]:
    """Return texts and codes alike."""
    try:
        return [item.text if isinstance(item, Block) else item.code for item in read(data)]
    except ReadError as error:
        return [error.code]


@pytest.fixture(scope="module")
def places() -> list[Block]:
    """Return the presentation with a canary in every place."""
    found = read((FILES / "places.pptx").read_bytes())
    assert [item for item in found if isinstance(item, Unread)] == []
    return [item for item in found if isinstance(item, Block)]


TEXT = ("hidden", "hidden_text")
PLACES = [
    # text, part, hidden, page, cell, note
    ("标题的暗记", "body", None, 1, None, ""),
    ("第一行\n第二行", "body", None, 1, None, ""),
    ("关系图的暗记", "body", None, 1, None, ""),
    ("存两份的暗记", "body", None, 1, None, ""),
    ("组合内的暗记", "body", None, 2, None, ""),
    ("表格的暗记", "table", None, 2, "表1!C2", ""),
    ("合并的格", "table", None, 2, "表1!A3", ""),
    ("末格", "table", None, 2, "表1!C3", ""),
    ("链接", "body", None, 4, None, ""),
    ("页外的暗记", *TEXT, 2, None, "第 2 页页面外的文字"),
    ("组合在外的暗记", *TEXT, 2, None, "第 2 页页面外的文字"),
    ("隐藏图形的暗记", *TEXT, 2, None, "第 2 页隐藏图形中的文字"),
    ("零尺寸的暗记", *TEXT, 2, None, "第 2 页零尺寸图形中的文字"),
    ("极小的暗记", *TEXT, 2, None, "极小文字"),
    ("版式上的暗记", "header", None, None, None, ""),
    ("页脚的暗记", "footer", None, 1, None, ""),
    ("备注的暗记", "note", "hidden_text", 1, None, "第 1 页的备注"),
    ("隐藏页的备注", "note", "hidden_text", 3, None, "第 3 页的备注"),
    ("旧批注的暗记", "comment", "comment", 1, None, "王* 2024-03-01 第 1 页的批注"),
    ("新批注的暗记", "comment", "comment", 1, None, "赵* 2024-03-02 第 1 页的批注"),
    ("回复的暗记", "comment", "comment", 1, None, "2024-03-03 第 1 页的批注"),
    ("隐藏页的暗记", *TEXT, 3, None, "已隐藏的第 3 页"),
    ("未列出的暗记", *TEXT, None, None, "演示文稿未列出的幻灯片"),
    ("mailto:canary@example.org", *TEXT, 4, None, "超链接地址"),
    ("没有用到的版式里的暗记", *TEXT, None, None, "未使用的版式或母版中的文字"),
    ("CANARY-190012", *TEXT, None, None, "随文件保存的数据"),
    ("CANARY-190013", *TEXT, None, None, "随文件保存的数据"),
    ("图形说明的暗记", "image", None, 4, None, ""),
    ("作者：张三", "metadata", "metadata", None, None, "文件属性"),
]


@pytest.mark.parametrize("place", PLACES, ids=[place[0].strip() for place in PLACES])
def test_each_place_is_told_once(places: list[Block], place: tuple[object, ...]) -> None:
    """A canary is found in its own place, with its note, exactly once."""
    found = [
        (block.text, block.location.part, block.hidden, block.location.page, block.location.cell, block.note)
        for block in places
        if block.text == place[0]
    ]
    assert found == [place]


def test_nothing_else_is_hidden(places: list[Block]) -> None:
    """Prompts of placeholders and slide numbers are no hidden places."""
    told = {place[0] for place in PLACES}
    hidden = [block.text for block in places if block.hidden and block.text and block.hidden != "metadata"]
    assert [text for text in hidden if text not in told] == []


def test_charts_and_the_workbook_behind_them(places: list[Block]) -> None:
    """A chart tells what it shows; the workbook it came with is an embedded file and is read."""
    found = [(b.location.part, b.location.page, b.location.cell) for b in places if b.text == "图表分类的暗记"]
    assert found == [("textbox", 4, None), ("table", None, "Sheet1!A2")]
    assert [block.note for block in places if block.hidden == "embedded_file"] == ["内嵌文件：xlsx", "内嵌文件：txt"]
    assert [block.location.member for block in places if block.text == "内嵌的暗记"] == ["ppt/embeddings/note.txt"]


def test_a_hidden_slide_without_text_is_told(places: list[Block]) -> None:
    """The place itself is a finding."""
    assert [block.text for block in places if block.note == "已隐藏的第 5 页"] == [""]


def test_hidden_pieces_keep_their_place(places: list[Block]) -> None:
    """A number cut by a hidden run reads on."""
    at_ = next(index for index, block in enumerate(places) if block.text == "极小的暗记")
    assert [(b.text, b.sep, b.location.paragraph) for b in places[at_ - 1 : at_ + 2]] == [
        ("证号 1101", "", places[at_].location.paragraph),
        ("极小的暗记", "", places[at_].location.paragraph),
        ("止", PARAGRAPH_BREAK, places[at_].location.paragraph),
    ]


def test_tables_keep_rows_and_columns(places: list[Block]) -> None:
    """Empty cells are kept; of merged cells the first stands for all."""
    cells = [(b.text, b.location.cell, b.sep) for b in places if b.location.part == "table" and b.location.page]
    assert cells[3:] == [
        ("张三", "表1!A2", CELL_BREAK),
        ("", "表1!B2", CELL_BREAK),
        ("表格的暗记", "表1!C2", PARAGRAPH_BREAK),
        ("合并的格", "表1!A3", CELL_BREAK),
        ("末格", "表1!C3", PARAGRAPH_BREAK),
    ]


def test_text_under_a_merged_cell() -> None:
    """What a merged cell covers is still in the file."""
    cell = "<a:tc {}><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc>"
    row = "<a:tr>" + cell.format('gridSpan="2"', "可见") + cell.format('hMerge="1"', "暗记") + "</a:tr>"
    found = read(deck(f"<p:graphicFrame><a:graphic><a:tbl>{row}</a:tbl></a:graphic></p:graphicFrame>"))
    assert [(b.text, b.location.cell, b.note) for b in found if isinstance(b, Block)] == [
        ("可见", "表1!A1", ""),
        ("暗记", "表1!B1", "合并单元格盖住的内容"),
    ]


@pytest.mark.parametrize(
    ("run", "note"),
    [
        ('<a:rPr sz="100"/>', "极小文字"),
        ('<a:rPr sz="1800"/>', ""),
        (
            '<a:rPr><a:solidFill><a:srgbClr val="000000"><a:alpha val="0"/></a:srgbClr></a:solidFill></a:rPr>',
            "透明的文字",
        ),
        ('<a:rPr><a:solidFill><a:srgbClr val="000000"><a:alpha val="50000"/></a:srgbClr></a:solidFill></a:rPr>', ""),
        ("<a:rPr><a:noFill/></a:rPr>", "透明的文字"),
        ("<a:rPr><a:ln/><a:noFill/></a:rPr>", ""),
    ],
)
def test_text_that_cannot_be_seen(run: str, note: str) -> None:
    """Too small or without colour, but not merely pale or outlined."""
    found = read(deck(shape("暗记").replace("<a:r>", f"<a:r>{run}")))
    assert [(b.text, b.note) for b in found if isinstance(b, Block)] == [("暗记", note)]


@pytest.mark.parametrize(
    ("left", "top", "hidden"),
    [
        (0, 0, False),
        (9_100_000, 0, False),
        (9_144_000, 0, True),
        (-1_000, 0, False),
        (-2_000_000, 0, True),
        (0, 6_858_000, True),
        (0, -1_000_000, True),
    ],
)
def test_off_the_slide(left: int, top: int, *, hidden: bool) -> None:
    """Only what lies wholly outside cannot be seen."""
    found = read(deck(shape("暗记", at(left, top, 1_000_000, 500_000))))
    assert [b.note for b in found if isinstance(b, Block)] == ["第 1 页页面外的文字" if hidden else ""]


def test_groups_move_what_is_inside() -> None:
    """Coordinates inside a group are its own."""
    inner = shape("暗记", at(50_000_000, 0, 1_000, 1_000_000))
    group = "<p:grpSp><p:grpSpPr>{}</p:grpSpPr>" + inner + "</p:grpSp>"
    inside = group.format(at(0, 0, 5_000_000, 5_000_000, 50_000_000, 0, 5_000_000, 5_000_000))
    outside = group.format(at(20_000_000, 0, 5_000_000, 5_000_000, 50_000_000, 0, 5_000_000, 5_000_000))
    assert [b.note for b in read(deck(inside, outside)) if isinstance(b, Block)] == ["", "第 2 页页面外的文字"]


def test_slides_come_in_the_order_of_the_presentation() -> None:
    """Names of parts tell nothing; a slide that is listed twice is read once."""
    order = '<p:sldId id="300" r:id="s2"/><p:sldId id="301" r:id="s1"/>' + '<p:sldId id="302" r:id="s2"/>' * 5_000
    found = read(deck(shape("甲"), shape("乙"), order=order))
    assert [(b.text, b.location.page) for b in found if isinstance(b, Block)] == [("乙", 1), ("甲", 2)]


def test_slides_of_pictures_are_unread() -> None:
    """A slide that is a picture is said not to be read; a small picture or one beside text is not."""
    found = read(deck(PICTURE.format(9_000_000), PICTURE.format(1_000), PICTURE.format(9_000_000) + shape("文字")))
    assert [(item.code, item.detail) for item in found if isinstance(item, Unread)] == [
        ("no_text_layer", "第 1 页只有图片，没有文字，请人工阅看，或安装文字识别（pip install 'prescan[ocr]'）后重扫")
    ]


def test_an_empty_presentation_is_not_clean() -> None:
    """Nothing written: that is said."""
    assert outcome(deck("")) == ["empty"]


def test_a_damaged_slide_does_not_cost_the_others() -> None:
    """What can be read is read, the rest is unread."""
    broken = {"ppt/slides/slide1.xml": "<p:sld"}
    assert outcome(deck(shape("甲"), shape("乙"), parts=broken)) == ["乙", "corrupted"]


@pytest.mark.parametrize("kept", [0.3, 0.95])
def test_a_truncated_file(kept: float) -> None:
    """Half a zip is no zip."""
    data = deck(shape("甲"))
    assert outcome(data[: int(len(data) * kept)]) == ["corrupted"]


@pytest.mark.parametrize("part", ["ppt/presentation.xml", "ppt/slides/slide1.xml", "ppt/_rels/presentation.xml.rels"])
@pytest.mark.parametrize("content", ["", "\0", "<a/>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<a><b></a>"])
def test_nonsense_in_a_part(part: str, content: str) -> None:
    """Any damage ends in a code or in text, never in another error."""
    assert outcome(deck(shape("甲"), parts={part: content}))


def test_cyclic_relations() -> None:
    """Parts that refer to themselves and each other end."""
    lines = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            (("notesSlide", "slide1.xml"), ("slideLayout", "slide1.xml"), ("comments", "slide1.xml"))
        )
    )
    parts = {"ppt/slides/_rels/slide1.xml.rels": f'<Relationships xmlns="{RELATIONS}">{lines}</Relationships>'}
    assert outcome(deck(shape("甲"), parts=parts))[0] == "甲"


def test_deep_groups_end() -> None:
    """Groups within groups, deeper than the parser allows."""
    nested = "<p:grpSp>" * 5_000 + shape("甲") + "</p:grpSp>" * 5_000
    start = time.process_time()
    assert outcome(deck(nested, shape("乙"))) == ["乙", "corrupted"]
    assert time.process_time() - start < 2


def test_numbers_without_end_in_attributes() -> None:
    """Coordinates that are no numbers count as nothing."""
    wild = at(0, 0, 1_000_000, 1_000_000).replace('x="0"', f'x="{"9" * 5_000}"').replace('y="0"', 'y="٣"')
    assert outcome(deck(shape("甲", wild))) == ["甲"]


def test_a_presentation_of_a_hundred_slides_is_quick() -> None:
    """A slide costs well under a few milliseconds."""
    data = deck(*(shape("文字" * 50) * 10 for _ in range(100)))
    start = time.process_time()
    assert len(read(data)) == 1_000
    assert time.process_time() - start < 1
