"""Text in the colour of its cell, text on slides under a box, parts nothing leads to: openpyxl and python-pptx made."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Inches

from prescan.formats import pptx, xlsx
from prescan.types import Block, Limits

CANARY = "藏起来的暗记"


def told(items: object) -> list[tuple[str, str | None, str]]:
    """Return part, finding type and note of the blocks that say CANARY."""
    return [
        (item.location.part, item.hidden, item.note)
        for item in items  # type: ignore[attr-defined]
        if isinstance(item, Block) and CANARY in item.text
    ]


@pytest.mark.parametrize(
    ("colour", "fill", "expected"),
    [
        ("FF000000", "FF000000", ("hidden", "fake_redaction", "黑底上的黑字")),
        ("FF101010", "FF000000", ("hidden", "fake_redaction", "黑底上的黑字")),
        ("FFC00000", "FFC00505", ("hidden", "hidden_text", "与底色相同的文字")),
        ("FFFFFFFF", "FFFFFFFF", ("hidden", "hidden_text", "白色文字")),
        ("FFFFFFFF", "FF000000", ("table", None, "")),
        ("FF000000", "FFFFFF00", ("table", None, "")),
        ("FF000000", None, ("table", None, "")),
    ],
)
def test_cells_in_the_colour_of_their_ground(
    colour: str, fill: str | None, expected: tuple[str, str | None, str]
) -> None:
    book = openpyxl.Workbook()
    cell = book.active["B2"]
    cell.value, cell.font = CANARY, Font(color=colour)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    out = io.BytesIO()
    book.save(out)
    assert told(xlsx.read(out.getvalue(), Limits())) == [expected]


def slide(*, first: bool = False, text: str = "", left: float = 1.9, fill: bool = True, alpha: int = 0) -> bytes:
    """Return a presentation with CANARY and a box over it, or as told: under it, with text, beside, without a fill."""
    deck = Presentation()
    page = deck.slides.add_slide(deck.slide_layouts[6])
    tree = page.shapes._spTree
    words = page.shapes.add_textbox(Inches(2), Inches(2), Inches(2), Inches(0.5))
    words.text_frame.text = CANARY
    box = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(left), Inches(1.9), Inches(2.5), Inches(0.8))
    if fill:
        box.fill.solid()
        box.fill.fore_color.rgb = RGBColor(0, 0, 0)
    else:
        box.fill.background()
    if alpha:
        colour = next(box._element.iter("{*}srgbClr"))
        colour.append(colour.makeelement(colour.tag.replace("srgbClr", "alpha"), {"val": str(alpha)}))
    if text:
        box.text_frame.text = text
    if first:
        tree.append(words._element)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def test_text_under_a_box_on_a_slide() -> None:
    assert told(pptx.read(slide(), Limits())) == [("hidden", "fake_redaction", "第 1 页图形下的文字")]


@pytest.mark.parametrize(
    "how", [{"first": True}, {"text": "标题"}, {"left": 3.5}, {"fill": False}, {"alpha": 30_000}], ids=str
)
def test_what_a_box_on_a_slide_does_not_hide(how: dict[str, object]) -> None:
    assert told(pptx.read(slide(**how), Limits())) == [("body", None, "")]  # type: ignore[arg-type]


@pytest.mark.parametrize("reader", [xlsx, pptx])
def test_parts_that_nothing_of_the_document_leads_to_are_read(reader: object) -> None:
    """Comments whose list of relations is gone lie in the file all the same; keys of programs are not told."""
    out = io.BytesIO()
    if reader is xlsx:
        openpyxl.Workbook().save(out)
    else:
        Presentation().save(out)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(
            "xl/comments7.xml", f"<a><t>{CANARY}</t><t>{CANARY}</t><b>20240301</b><c>3f2544d2-4937</c></a>"
        )
    items = list(reader.read(out.getvalue(), Limits()))  # type: ignore[attr-defined]
    assert told(items) == [("hidden", "hidden_text", "随文件保存的数据")]
    assert not [item for item in items if isinstance(item, Block) and ("2024" in item.text or "4937" in item.text)]
