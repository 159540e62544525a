"""Makes the presentation fixtures: `python tests/formats/make_pptx.py`. Needs python-pptx.

`places.pptx` holds one canary in every place of a presentation a text can hide in: written by python-pptx, with parts
added that it has no interface for. People are invented.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from make_xlsx import OFFICE, RELATION
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Emu, Inches, Pt

FILES = Path(__file__).parent / "files"
NAMESPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    f'xmlns:r="{OFFICE}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main"'
)
AUTHORS = "http://schemas.microsoft.com/office/2018/10/relationships/authors"
MODERN = "http://schemas.microsoft.com/office/2018/10/relationships/comments"


def text_box(slide: object, text: str, left: float = 1, top: float = 1, size: float = 2) -> object:
    """Add a text box to a slide; places in inches."""
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(size), Inches(size / 4))
    box.text_frame.text = text
    return box


def slides() -> bytes:
    """Return what python-pptx can write."""
    deck = Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "标题的暗记"
    first.placeholders[1].text = "第一行\v第二行"
    first.notes_slide.notes_text_frame.text = "备注的暗记"
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "第二页标题"
    text_box(second, "页外的暗记", left=20)
    text_box(second, "隐藏图形的暗记")._element.nvSpPr.cNvPr.set("hidden", "1")
    zero = text_box(second, "零尺寸的暗记")
    zero.width = zero.height = Emu(0)
    box = text_box(second, "证号 1101")
    run = box.text_frame.paragraphs[0].add_run()
    run.text, run.font.size = "极小的暗记", Pt(1)
    box.text_frame.paragraphs[0].add_run().text = "止"
    group = second.shapes.add_group_shape()
    text_box(group, "组合内的暗记")
    outside = second.shapes.add_group_shape()
    text_box(outside, "组合在外的暗记")
    outside.left = Inches(-9)
    table = second.shapes.add_table(3, 3, Inches(1), Inches(3), Inches(6), Inches(1)).table
    for row, texts in enumerate((("姓名", "证号", "备注"), ("张三", "", "表格的暗记"), ("合并的格", "", "末格"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(2, 0).merge(table.cell(2, 1))
    hidden = deck.slides.add_slide(deck.slide_layouts[6])
    hidden._element.set("show", "0")
    text_box(hidden, "隐藏页的暗记")
    hidden.notes_slide.notes_text_frame.text = "隐藏页的备注"
    data = CategoryChartData()
    data.categories = ["图表分类的暗记"]
    data.add_series("图表系列的暗记", (190012,))
    last = deck.slides.add_slide(deck.slide_layouts[6])
    last.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, Inches(3), Inches(3), data)._element.nvGraphicFramePr.cNvPr.set(
        "descr", "图形说明的暗记"
    )
    link = text_box(last, "链接").text_frame.paragraphs[0].runs[0]
    link.hyperlink.address = "mailto:canary@example.org"
    deck.slides.add_slide(deck.slide_layouts[6])._element.set("show", "0")
    deck.core_properties.author = "张三"
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def paragraph(text: str) -> str:
    """Return a paragraph of DrawingML."""
    return f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>"


def shape(number: int, text: str, inside: str = "") -> str:
    """Return a shape; `inside`: what stands in its nvPr."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="s"/><p:cNvSpPr/><p:nvPr>{inside}</p:nvPr></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/>{paragraph(text)}</p:txBody></p:sp>"
    )


DIAGRAM = (
    f"<dgm:dataModel {NAMESPACES}><dgm:ptLst><dgm:pt><dgm:t>{paragraph('关系图的暗记')}</dgm:t></dgm:pt></dgm:ptLst>"
    "</dgm:dataModel>"
)
FRAME = (
    '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="90" name="d"/></p:nvGraphicFramePr><a:graphic><a:graphicData>'
    '<dgm:relIds r:dm="rId90"/></a:graphicData></a:graphic></p:graphicFrame>'
)
TWICE = (
    f"<mc:AlternateContent><mc:Choice Requires='p14'>{shape(91, '存两份的暗记')}</mc:Choice>"
    f"<mc:Fallback>{shape(92, '存两份的暗记')}</mc:Fallback></mc:AlternateContent>"
)
SLIDE = f"<p:sld {NAMESPACES}><p:cSld><p:spTree>{shape(2, '未列出的暗记')}</p:spTree></p:cSld></p:sld>"
OLD = (
    f'<p:cmLst {NAMESPACES}><p:cm authorId="0" dt="2024-03-01T08:00:00"><p:text>旧批注的暗记</p:text></p:cm></p:cmLst>'
)
NEW = (
    f'<p188:cmLst {NAMESPACES}><p188:cm authorId="{{A}}" created="2024-03-02T08:00:00"><p188:replyLst><p188:reply '
    f'authorId="{{B}}" created="2024-03-03T08:00:00"><p188:txBody>{paragraph("回复的暗记")}</p188:txBody></p188:reply>'
    f"</p188:replyLst><p188:txBody>{paragraph('新批注的暗记')}</p188:txBody></p188:cm></p188:cmLst>"
)
ADDED = {
    "ppt/diagrams/data1.xml": DIAGRAM,
    "ppt/slides/slide99.xml": SLIDE,
    "ppt/comments/comment1.xml": OLD,
    "ppt/comments/modernComment_1.xml": NEW,
    "ppt/commentAuthors.xml": f'<p:cmAuthorLst {NAMESPACES}><p:cmAuthor id="0" name="王小明"/></p:cmAuthorLst>',
    "ppt/authors.xml": f'<p188:authorLst {NAMESPACES}><p188:author id="{{A}}" name="赵某甲"/></p188:authorLst>',
    "ppt/tags/tag1.xml": f'<p:tagLst {NAMESPACES}><p:tag name="X" val="CANARY-190013"/></p:tagLst>',
    "customXml/item1.xml": "<root><a>CANARY-190012</a></root>",
    "ppt/embeddings/note.txt": "内嵌的暗记",
}


def lines(*targets: tuple[str, str]) -> str:
    """Return relations to be put into a part that has some; their ids are their order from 90."""
    return "".join(
        RELATION.format(id=f"rId{number}", type=kind if ":" in kind else f"{OFFICE}/{kind}", target=target, mode="")
        for number, (kind, target) in enumerate(targets, 90)
    )


#: What is added to the parts that python-pptx writes: (before this, add that).
CHANGED = {
    "ppt/slides/slide1.xml": (
        "</p:spTree>",
        FRAME + TWICE + shape(93, "页脚的暗记", '<p:ph type="ftr"/>'),
    ),
    "ppt/slides/_rels/slide1.xml.rels": (
        "</Relationships>",
        lines(
            ("diagramData", "../diagrams/data1.xml"),
            ("comments", "../comments/comment1.xml"),
            (MODERN, "../comments/modernComment_1.xml"),
        ),
    ),
    "ppt/slideLayouts/slideLayout7.xml": ("</p:spTree>", shape(94, "版式上的暗记")),
    "ppt/slideLayouts/slideLayout9.xml": ("</p:spTree>", shape(95, "没有用到的版式里的暗记")),
    "ppt/_rels/presentation.xml.rels": (
        "</Relationships>",
        lines(("commentAuthors", "commentAuthors.xml"), (AUTHORS, "authors.xml")),
    ),
}


def places() -> bytes:
    """Return the presentation with a canary in every place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(slides())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name in CHANGED:
                before, added = CHANGED[name]
                text = content.decode().replace(before, added + before, 1)
                assert added in text, name
                content = text.replace("<p:sld ", f"<p:sld {NEEDED} ", 1).encode()
            target.writestr(name, content)
        for name, content in ADDED.items():
            target.writestr(name, content)
    return out.getvalue()


#: Prefixes that python-pptx does not declare on a slide.
NEEDED = " ".join(word for word in NAMESPACES.split() if word.startswith(("xmlns:dgm", "xmlns:mc")))


if __name__ == "__main__":
    (FILES / "places.pptx").write_bytes(places())
