"""OpenDocument: what styles, shapes, groups, changes and settings hide is told with what hides it."""

# ruff: noqa: E501  raw XML, one element a line

from __future__ import annotations

import base64
import io

import pytest
from invented import RESIDENT_ID as ID
from invented import package
from PIL import Image

from prescan.formats import identify, read
from prescan.formats.budget import ReadOptions
from prescan.types import Block, Limits, Picture, Unread

URN = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = {
    **{name: f"{URN}{name}:1.0" for name in ("office", "text", "table", "style", "presentation", "meta", "form")},
    "draw": f"{URN}drawing:1.0",
    "svg": f"{URN}svg-compatible:1.0",
    "number": f"{URN}datastyle:1.0",
    "fo": f"{URN}xsl-fo-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
}
NAMESPACES = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMES.items())
SEEN = "<text:p>看得见的正文</text:p>"


def odf(kind: str, body: str, looks: str = "", master: str = "", parts: dict[str, str | bytes] | None = None) -> bytes:
    """Return a document of automatic styles and a body."""
    return package(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {NAMESPACES}><office:automatic-styles>{looks}"
            f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>",
            "styles.xml": f"<office:document-styles {NAMESPACES}><office:master-styles>{master}</office:master-styles>"
            "</office:document-styles>",
            "META-INF/manifest.xml": "<manifest/>",
            **(parts or {}),
        }
    )


def told(data: bytes) -> list[tuple[str, str | None, str]]:
    blocks = [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block) and ID in item.text]
    return [(block.location.part, block.hidden, block.note) for block in blocks]


def style(family: str, text: str = "", rest: str = "", more: str = "") -> str:
    return f'<style:style style:name="S" style:family="{family}" {more}>{rest}<style:text-properties {text}/></style:style>'


RUN = f'<text:p>甲<text:span text:style-name="S">{ID}</text:span></text:p>'
PARAGRAPH = f'<text:p text:style-name="S">{ID}</text:p>'
LOOKS = {
    "hidden": (RUN, style("text", 'text:display="none"'), "隐藏文字"),
    "tiny": (RUN, style("text", 'fo:font-size="1pt"'), "极小文字"),
    "white": (RUN, style("text", 'fo:color="#ffffff"'), "白色文字"),
    "black on black": (RUN, style("text", 'fo:color="#000000" fo:background-color="#000000"'), "黑底上的黑字"),
    "clear": (RUN, style("text", 'loext:opacity="0%"'), "透明的文字"),
    "colour of its paragraph": (
        PARAGRAPH,
        style("paragraph", 'fo:color="#1f4e79"', '<style:paragraph-properties fo:background-color="#1f4e79"/>'),
        "与底色相同的文字",
    ),
    "inherited": (
        RUN.replace('"S"', '"T"'),
        style("text", 'text:display="none"')
        + '<style:style style:name="T" style:family="text" style:parent-style-name="S"/>',
        "隐藏文字",
    ),
    "usual": (RUN, style("text", 'fo:color="#ff0000" fo:font-size="9pt"'), ""),
    "automatic on black": (
        RUN,
        style("text", 'style:use-window-font-color="true" fo:background-color="#000000"'),
        "",
    ),
}


@pytest.mark.parametrize("name", LOOKS)
def test_styles_that_hide_text(name: str) -> None:
    body, looks, note = LOOKS[name]
    expected = (
        ("hidden", "fake_redaction" if note == "黑底上的黑字" else "hidden_text", note) if note else ("body", None, "")
    )
    assert told(odf("text", SEEN + body, looks)) == [expected]


def box(rest: str = "", x: str = "2cm", text: str = ID) -> str:
    return (
        f'<draw:frame svg:x="{x}" svg:y="2cm" svg:width="5cm" svg:height="2cm" {rest}><draw:text-box>'
        f"<text:p>{text}</text:p></draw:text-box></draw:frame>"
    )


def slide(inside: str, rest: str = "") -> str:
    return f'<draw:page draw:name="p" {rest}>{box(text="看得见的标题")}{inside}</draw:page>'


COVER = '<draw:rect draw:style-name="G" svg:x="1cm" svg:y="1cm" svg:width="9cm" svg:height="5cm"/>'
FILLED = (
    '<style:style style:name="G" style:family="graphic"><style:graphic-properties draw:fill="solid" '
    'draw:fill-color="#000000"/></style:style>'
)
LAYER = '<draw:layer-set><draw:layer draw:name="L" draw:display="none"/></draw:layer-set>'
OFF = (
    '<style:style style:name="G" style:family="drawing-page"><style:drawing-page-properties '
    'presentation:visibility="hidden"/></style:style>'
)
SLIDES = {
    "beside": (slide(box(x="-20cm")), "", "", ("hidden", "hidden_text", "页面之外的文字")),
    "not shown": (slide(box('draw:display="none"')), "", "", ("hidden", "hidden_text", "隐藏图形中的文字")),
    "layer": (slide(box('draw:layer="L"')), "", LAYER, ("hidden", "hidden_text", "隐藏图形中的文字")),
    "covered": (slide(box() + COVER), FILLED, "", ("hidden", "fake_redaction", "第 1 页图形下的文字")),
    "half covered": (slide(box() + COVER.replace("9cm", "3.5cm")), FILLED, "", ("body", None, "")),
    "over a box": (slide(COVER + box()), FILLED, "", ("body", None, "")),
    "hidden slide": (slide(box(), 'draw:style-name="G"'), OFF, "", ("hidden", "hidden_text", "隐藏的第 1 张幻灯片")),
    "master": (
        slide("", 'draw:master-page-name="M"'),
        "",
        f'<style:master-page style:name="M">{box()}</style:master-page>',
        ("header", None, ""),
    ),
    "footer": (f"<presentation:footer-decl>{ID}</presentation:footer-decl>{slide('')}", "", "", ("footer", None, "")),
}


@pytest.mark.parametrize("name", SLIDES)
def test_what_a_slide_does_not_show(name: str) -> None:
    body, looks, master, expected = SLIDES[name]
    assert told(odf("presentation", body, looks, master)) == [expected]


def row(*texts: str, rest: str = "", cell: str = "") -> str:
    cells = (
        f'<table:table-cell office:value-type="string" {cell}><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row {rest}>{''.join(cells)}</table:table-row>"


def sheet(rows: str, before: str = "") -> str:
    return f'<table:table table:name="名单">{before}{rows}</table:table>'


GROUP = f'<table:table-row-group table:display="false">{row(ID)}</table:table-row-group>'
FAR = (
    '<table:table-column table:number-columns-repeated="1200"/><table:table-column table:visibility="collapse"/>',
    f'<table:table-row><table:table-cell table:number-columns-repeated="1200"/>{row(ID)[17:]}',
)
SHEETS = {
    "folded group": (sheet(row("x") + GROUP), "", ("hidden", "hidden_row_column", "已隐藏的第 2 行")),
    "far column": (sheet(FAR[1], FAR[0]), "", ("hidden", "hidden_row_column", "已隐藏的 ATE 列")),
    "white": (
        sheet(row(ID, cell='table:style-name="S"')),
        style("table-cell", 'fo:color="#ffffff"'),
        ("hidden", "hidden_text", "白色文字"),
    ),
    "white on blue": (
        sheet(row(ID, cell='table:style-name="S"')),
        style("table-cell", 'fo:color="#ffffff"', '<style:table-cell-properties fo:background-color="#000080"/>'),
        ("table", None, ""),
    ),
    "format of nothing": (
        sheet(row(ID, cell='table:style-name="S"')),
        style("table-cell", more='style:data-style-name="N"')
        + '<number:text-style style:name="N"><number:text/></number:text-style>',
        ("hidden", "hidden_text", "数字格式设为不显示的内容"),
    ),
    "cache of a link": (
        sheet(row("x")) + sheet(row(ID), '<table:table-source xlink:href="D:/a.ods"/>'),
        "",
        ("hidden", "hidden_text", "外部链接缓存的数据"),
    ),
    "text box": (sheet(f"<table:shapes>{box()}</table:shapes>{row('x')}"), "", ("body", None, "")),
}


@pytest.mark.parametrize("name", SHEETS)
def test_what_a_sheet_does_not_show(name: str) -> None:
    body, looks, expected = SHEETS[name]
    assert told(odf("spreadsheet", body, looks)) == [expected]


WHO = "<office:change-info><dc:creator>王小明</dc:creator><dc:date>2024-03-01T08:00:00</dc:date></office:change-info>"


def changes(inside: str) -> str:
    return (
        f'<text:tracked-changes><text:changed-region text:id="c">{inside}</text:changed-region></text:tracked-changes>'
    )


def test_changes_are_told_with_who_made_them() -> None:
    listed = f"<text:deletion>{WHO}<text:list><text:list-item><text:p>{ID}</text:p></text:list-item></text:list></text:deletion>"
    deleted = ("deleted", "tracked_change", "王* 2024-03-01 删除的文字")
    assert told(odf("text", changes(listed) + SEEN)) == [deleted]
    added = f'<text:p>甲<text:change-start text:change-id="c"/>{ID}<text:change-end text:change-id="c"/>乙</text:p>'
    inserted = ("inserted", "tracked_change", "王* 2024-03-01 插入的文字")
    assert told(odf("text", changes(f"<text:insertion>{WHO}</text:insertion>") + added)) == [inserted]
    before = f"<table:cell-content-change>{WHO}<table:previous><text:p>{ID}</text:p></table:previous></table:cell-content-change>"
    held = f"<table:tracked-changes>{before}</table:tracked-changes>{sheet(row('x'))}"
    assert told(odf("spreadsheet", held)) == [("deleted", "tracked_change", "王* 2024-03-01 修改前的内容")]


def test_places_beside_the_text() -> None:
    link = f'<text:p><text:a xlink:href="mailto:{ID}@x.cn">联系</text:a></text:p>'
    assert told(odf("text", SEEN + link)) == [("hidden", "hidden_text", "超链接地址")]
    drawn = (
        f'<text:p><draw:frame><draw:image xlink:href="Pictures/1.png"/><svg:desc>{ID}</svg:desc></draw:frame></text:p>'
    )
    assert told(odf("text", SEEN + drawn)) == [("image", None, "")]
    header = f'<style:master-page style:name="M"><style:header style:display="false"><text:p>{ID}</text:p></style:header></style:master-page>'
    assert told(odf("text", SEEN, master=header)) == [("hidden", "hidden_text", "未显示的页眉或页脚")]
    hidden = f'<text:p><text:hidden-paragraph text:is-hidden="true"/>{ID}</text:p>'
    assert told(odf("text", SEEN + hidden)) == [("hidden", "hidden_text", "隐藏文字")]
    script = f'<text:p><text:script xlink:type="simple">// {ID}</text:script></text:p>'
    assert told(odf("text", SEEN + script)) == [("hidden", "hidden_text", "脚本中的文字")]
    setup = base64.b64encode(f"D:\\{ID}".encode("utf-16-le")).decode()
    setup = f'<config-item config:name="PrinterSetup" config:type="base64Binary">{setup}</config-item>'
    settings = f'<settings xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0">{setup}</settings>'
    assert told(odf("text", SEEN, parts={"settings.xml": settings})) == [("hidden", "hidden_text", "打印等程序设置")]


def test_an_earlier_version_is_read() -> None:
    parts = {"Versions/Version1": odf("text", f"<text:p>{ID}</text:p>")}
    data = odf("text", SEEN, parts=parts)
    items = [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block)]
    assert ("Versions/Version1", ID) in {(item.location.member, item.text) for item in items}
    assert "保存的较早版本" in {item.note for item in items}


def pixels() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 200), "white").save(out, "PNG")
    return out.getvalue()


def test_pictures_are_recognised_or_said_to_be_unread() -> None:
    frame = '<draw:frame svg:x="0cm" svg:y="0cm" svg:width="20cm" svg:height="15cm"><draw:image xlink:href="Pictures/1.png"/></draw:frame>'
    parts = {"Pictures/1.png": pixels()}
    text = odf("text", SEEN + f"<text:p>{frame}</text:p>", parts=parts)
    shown = list(read(text, identify(text, ""), Limits(), options=ReadOptions(pictures=9)))
    assert [(item.kind, item.location.part) for item in shown if isinstance(item, Picture)] == [("inset", "image")]
    deck = odf("presentation", slide("") + f"<draw:page>{frame}</draw:page>", parts=parts)
    shown = list(read(deck, identify(deck, ""), Limits(), options=ReadOptions(pictures=9)))
    assert [(item.kind, item.location.page) for item in shown if isinstance(item, Picture)] == [("page", 2)]
    (lost,) = [item for item in read(deck, identify(deck, ""), Limits()) if isinstance(item, Unread)]
    assert lost.code == "no_text_layer"
    assert "第 2 页" in lost.detail
