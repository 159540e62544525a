"""Text of slides whose looks stand in the layout, the master, the theme or a table: hidden by them, or seen on them."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from invented import RESIDENT_ID as ID
from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Inches, Pt

from prescan.formats import pptx
from prescan.types import Block, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[Any, Any], None]

A, P = (f"http://schemas.openxmlformats.org/{kind}/2006/main" for kind in ("drawingml", "presentationml"))
WHITE = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
CLEAR = '<a:solidFill><a:srgbClr val="000000"><a:alpha val="0"/></a:srgbClr></a:solidFill>'
STOPS = "".join(f'<a:gs pos="{at}"><a:prstClr val="white"/></a:gs>' for at in (0, 100_000))
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
AS_WHITE, AS_CLEAR, AS_TINY, AS_DARK, AS_SAME = "白色文字", "透明的文字", "极小文字", "黑底上的黑字", "与底色相同的文字"


def element(markup: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns:a="{A}" xmlns:p="{P}">{markup}</x>')[0]


def listed(shape: Any, looks: str, level: int = 1) -> None:
    """Give a shape a list of styles of its own."""
    styles = shape._element.txBody.find(f"{{{A}}}lstStyle")
    styles.append(element(f"<a:lvl{level}pPr>{looks}</a:lvl{level}pPr>"))


def default(fill: str = WHITE, settings: str = "") -> str:
    return f"<a:defRPr {settings}>{fill}</a:defRPr>"


def on_layout(looks: str) -> Change:
    return lambda _, slide: listed(slide.slide_layout.placeholders[1], looks)


def on_master(looks: str) -> Change:
    return lambda show, _: listed(show.slide_masters[0].placeholders[1], looks)


def on_styles(fill: str) -> Change:
    """Change the master's own styles of bodies."""

    def change(show: Any, _: Any) -> None:
        path = f"{{{P}}}txStyles/{{{P}}}bodyStyle/{{{A}}}lvl1pPr/{{{A}}}defRPr"
        properties = show.slide_masters[0]._element.find(path)
        for held in [held for held in properties if held.tag.endswith("Fill")]:
            properties.remove(held)
        properties.insert(0, element(fill))

    return change


def on_ground(colour: str, *, master: bool = False) -> Change:
    def change(show: Any, slide: Any) -> None:
        fill = (show.slide_masters[0] if master else slide).background.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(colour)

    return change


def on_run(fill: str) -> Change:
    return lambda _, slide: (
        slide.placeholders[1].text_frame.paragraphs[0].runs[0]._r.get_or_add_rPr().append(element(fill))
    )


def filled(colour: str) -> Change:
    """Fill the placeholder of the layout."""

    def change(_: Any, slide: Any) -> None:
        fill = element(f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>')
        slide.slide_layout.placeholders[1]._element.spPr.append(fill)

    return change


def larger(_: Any, slide: Any) -> None:
    slide.placeholders[1].text_frame.paragraphs[0].runs[0].font.size = Pt(18)


def table(colour: str, fill: str = "", style: str = NO_STYLE) -> Change:
    """Put the number into a table instead."""

    def change(_: Any, slide: Any) -> None:
        slide.placeholders[1].text = "正文"
        held = slide.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
        if style:
            held._tbl.tblPr.find(f"{{{A}}}tableStyleId").text = style
        cell = held.cell(0, 0)
        cell.text = ID
        cell.text_frame.paragraphs[0].runs[0].font.color.rgb = RGBColor.from_string(colour)
        if fill:
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(fill)

    return change


def themed(theme: str) -> str:
    return re.sub(r"(<a:accent1>).*?(</a:accent1>)", r'\1<a:srgbClr val="FFFFFF"/>\2', theme, flags=re.DOTALL)


def told(*changes: Change, theme: Callable[[str], str] | None = None) -> Block:
    show, first, second = Presentation(), io.BytesIO(), io.BytesIO()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.placeholders[1].text = ID
    for change in changes:
        change(show, slide)
    show.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w") as target:
        for name in source.namelist():
            held = source.read(name)
            target.writestr(name, theme(held.decode()) if theme and name.endswith("theme1.xml") else held)
    (found,) = [item for item in pptx.read(second.getvalue(), Limits()) if isinstance(item, Block) and ID in item.text]
    return found


def of_theme(name: str, inside: str = "") -> str:
    return f'<a:solidFill><a:schemeClr val="{name}">{inside}</a:schemeClr></a:solidFill>'


HIDDEN: dict[str, tuple[tuple[Change, ...], str]] = {
    "layout": ((on_layout(default()),), AS_WHITE),
    "tiny in the layout": ((on_layout(default("", 'sz="100"')),), AS_TINY),
    "clear in the layout": ((on_layout(default(CLEAR)),), AS_CLEAR),
    "no fill in the layout": ((on_layout(default("<a:noFill/>")),), AS_CLEAR),
    "master": ((on_master(default()),), AS_WHITE),
    "styles of the master": ((on_styles(WHITE),), AS_WHITE),
    "ground of the theme": ((on_styles(of_theme("bg1")),), AS_WHITE),
    "black slide": ((on_ground("000000"),), AS_DARK),
    "ground of the layout's placeholder": ((filled("1F4E79"), on_run(WHITE.replace("FFFFFF", "1F4E79"))), AS_SAME),
    "as light as it was": ((on_run(of_theme("bg1", '<a:lumMod val="100000"/>')),), AS_WHITE),
    "gradient of one colour": (
        (on_run(f"<a:gradFill><a:gsLst>{STOPS}</a:gsLst></a:gradFill>"),),
        AS_WHITE,
    ),
    "hue": ((on_run('<a:solidFill><a:hslClr hue="0" sat="0" lum="100000"/></a:solidFill>'),), AS_WHITE),
    "shares": ((on_run('<a:solidFill><a:scrgbClr r="100000" g="100000" b="100000"/></a:solidFill>'),), AS_WHITE),
    "line of nothing": ((on_run("<a:ln><a:noFill/></a:ln>"), on_run(WHITE)), AS_WHITE),
    "table": ((table("FFFFFF"),), AS_WHITE),
    "cell of its own colour": ((table("1F4E79", "1F4E79"),), AS_SAME),
    "black cell": ((table("000000", "000000", ""),), AS_DARK),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_a_slide_inherits_hides(name: str) -> None:
    changes, note = HIDDEN[name]
    found = told(*changes)
    kind = "fake_redaction" if note == AS_DARK else "hidden_text"
    assert (found.location.part, found.hidden, found.note) == ("hidden", kind, note)


def test_a_white_accent() -> None:
    assert told(on_run(of_theme("accent1")), theme=themed).note == AS_WHITE


SEEN: dict[str, tuple[Change, ...]] = {
    "dark slide": (on_layout(default()), on_ground("1F4E79")),
    "dark master": (on_styles(WHITE), on_ground("1F4E79", master=True)),
    "run of another colour": (on_layout(default()), on_run(of_theme("tx1"))),
    "larger run": (on_layout(default("", 'sz="100"')), larger),
    "another level": (lambda _, slide: listed(slide.placeholders[1], default(), 2),),
    "filled placeholder of the layout": (filled("1F4E79"), on_layout(default())),
    "half of white": (on_run(of_theme("bg1", '<a:lumMod val="50000"/>')),),
    "accent": (on_run(of_theme("accent1")),),
    "filled cell": (table("FFFFFF", "1F4E79"),),
    "head of the usual table": (table("FFFFFF", "", ""),),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_a_slide_inherits_shows(name: str) -> None:
    found = told(*SEEN[name])
    assert (found.hidden, found.note) == (None, "")


def test_layouts_of_python_pptx_hide_nothing() -> None:
    show, out = Presentation(), io.BytesIO()
    for layout in show.slide_layouts:
        for held in show.slides.add_slide(layout).placeholders:
            if held.has_text_frame:
                held.text = ID
    show.save(out)
    found = [item for item in pptx.read(out.getvalue(), Limits()) if isinstance(item, Block) and ID in item.text]
    assert found
    assert {item.hidden for item in found} == {None}
