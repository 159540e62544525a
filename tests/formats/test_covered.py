"""Text in the colour of its cell, text on slides under a box, parts nothing leads to: openpyxl and python-pptx made."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.drawing.image import Image as Inset
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.formatting.rule import FormulaRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Inches, Pt

from prescan.formats import convert, identify, pptx, xlsx
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
        (None, "FF000000", ("hidden", "fake_redaction", "黑底上的黑字")),
        (Color(theme=4), Color(theme=4), ("hidden", "hidden_text", "与底色相同的文字")),
        (Color(theme=1), Color(theme=1), ("hidden", "fake_redaction", "黑底上的黑字")),
        (Color(theme=0), Color(theme=4), ("table", None, "")),
        (Color(theme=4, tint=0.8), Color(theme=4), ("table", None, "")),
    ],
)
def test_cells_in_the_colour_of_their_ground(
    colour: object, fill: object, expected: tuple[str, str | None, str]
) -> None:
    book = openpyxl.Workbook()
    cell = book.active["B2"]
    cell.value, cell.font = CANARY, Font(color=colour) if colour else Font()
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


def cells(change: object) -> list[tuple[str, str | None, str]]:
    """Return what is told of a sheet with CANARY in C3 after `change(sheet, cell)`."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    cell = book.active["C3"]
    cell.value = CANARY
    change(book.active, cell)
    book.save(out)
    return told(xlsx.read(out.getvalue(), Limits()))


@pytest.mark.parametrize(
    ("code", "hides"),
    [
        ("General;General;General;", True),
        ('"";"";"";""', True),
        ('"公开";"公开";"公开";"公开"', True),
        (";;;", True),
        ("[White]General;[White]General;[White]General;[White]@", True),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', False),
        ('#,##0"元"', False),
        ("@", False),
        ('"编号"@', False),
    ],
)
def test_number_formats_that_show_nothing_of_a_text(code: str, hides: bool) -> None:
    ((part, _, _),) = cells(lambda _, cell: setattr(cell, "number_format", code))
    assert part == ("hidden" if hides else "table")


@pytest.mark.parametrize(
    ("change", "hidden"),
    [
        (lambda sheet, _: setattr(sheet.row_dimensions[3], "height", 0.75), "hidden_row_column"),
        (lambda sheet, _: setattr(sheet.column_dimensions["C"], "width", 0.1), "hidden_row_column"),
        (lambda _, cell: setattr(cell, "font", Font(size=1.5)), "hidden_text"),
        (lambda sheet, _: setattr(sheet.row_dimensions[3], "height", 12), None),
        (lambda sheet, _: setattr(sheet.column_dimensions["C"], "width", 2), None),
    ],
)
def test_rows_columns_and_type_too_small_to_be_seen(change: object, hidden: str | None) -> None:
    ((_, found, _),) = cells(change)
    assert found == hidden


def over(kind: str) -> object:
    """Return what puts a black picture over B2 to E5."""

    def change(sheet: object, _: object) -> None:
        pixels = io.BytesIO()
        Image.new(kind, (40, 20), "black" if kind == "RGB" else (0, 0, 0, 0)).save(pixels, "PNG")
        pixels.seek(0)
        inset = Inset(pixels)
        inset.anchor = TwoCellAnchor("twoCell", AnchorMarker(col=1, row=1), AnchorMarker(col=5, row=5))
        sheet.add_image(inset)

    return change


@pytest.mark.parametrize(("width", "expected"), [(64, "fake_redaction"), (30, None)])
def test_cells_under_a_picture_that_hangs_at_one_corner(width: int, expected: str | None) -> None:
    """openpyxl tells where a picture begins and how large it is: a column is 64 pixels wide, a row 20 high."""

    def change(sheet: object, _: object) -> None:
        pixels = io.BytesIO()
        Image.new("RGB", (width, 20)).save(pixels, "PNG")
        pixels.seek(0)
        sheet.add_image(Inset(pixels), "C3")

    assert [hidden for _, hidden, _ in cells(change)] == [expected]


def test_cells_under_a_picture_are_told_unless_it_is_clear() -> None:
    assert cells(over("RGB")) == [("hidden", "fake_redaction", "图形盖住的单元格")]
    assert cells(over("RGBA")) == [("table", None, "")]


PALE = Font(color="FFFFFFFF")
PLAIN, DARK = (PatternFill(bgColor=colour, fill_type="solid") for colour in ("FFFFFFFF", "FF1F4E79"))


@pytest.mark.parametrize(
    ("rule", "always"),
    [
        (FormulaRule(formula=["TRUE"], font=PALE), True),
        (FormulaRule(formula=["1=1"], font=PALE, fill=PLAIN), True),
        (FormulaRule(formula=["LEN(TRIM(C3))>0"], font=Font(color="FF1F4E79"), fill=DARK), True),
        (Rule(type="notContainsBlanks", dxf=DifferentialStyle(font=PALE)), True),
        (
            Rule(type="expression", formula=["1"], dxf=DifferentialStyle(numFmt=NumberFormat(200, formatCode=";;;"))),
            True,
        ),
        (FormulaRule(formula=["ISERROR(C3)"], font=PALE), False),
        (FormulaRule(formula=["C3=0"], font=PALE), False),
    ],
)
def test_a_condition_that_hides_is_told_with_its_cells(rule: Rule, *, always: bool) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["C3"] = CANARY
    book.active["D3"] = "旁边"
    book.active.conditional_formatting.add("C3:C9", rule)
    book.save(out)
    found = [item for item in xlsx.read(out.getvalue(), Limits()) if isinstance(item, Block)]
    (block,) = [item for item in found if not item.text and item.hidden == "hidden_text"]
    assert block.location.cell == "Sheet!C3"
    assert block.note.startswith("条件格式可使 C3:C9 的内容不显示")
    assert [item.text for item in found if item.location.part == "hidden" and item.text] == [CANARY] * always


@pytest.mark.parametrize(
    "rule",
    [
        FormulaRule(formula=["TRUE"], font=PALE, fill=DARK),
        FormulaRule(formula=["TRUE"], fill=PatternFill(bgColor="FFFFFF00", fill_type="solid")),
        FormulaRule(formula=["TRUE"], font=Font(color="FFFF0000")),
    ],
)
def test_a_condition_that_colours_hides_nothing(rule: Rule) -> None:
    def change(sheet: object, _: object) -> None:
        sheet.conditional_formatting.add("C3:C9", rule)

    assert cells(change) == [("table", None, "")]


def test_white_by_a_condition_on_a_coloured_cell_is_seen() -> None:
    def change(sheet: object, _: object) -> None:
        sheet["C3"].fill = PatternFill("solid", fgColor="FF1F4E79")
        sheet.conditional_formatting.add("C3:C9", FormulaRule(formula=["TRUE"], font=PALE))

    assert ("table", None, "") in cells(change)


ACCENT, HALF, SAME = Color(theme=4), Color(theme=0, tint=-0.5), "FF4F81BD"


@pytest.mark.parametrize(
    ("font", "fill", "note"),
    [
        (Font(color=ACCENT), SAME, "与底色相同的文字"),
        (Font(color=Color(indexed=22)), Color(indexed=22), "与底色相同的文字"),
        (Font(color="FFF5F5F5"), None, "白色文字"),
        (Font(color="FFFFFFFF"), "FFF2F2F2", "白色文字"),
        (Font(color="FFFFFFFF"), SAME, ""),
        (Font(color=HALF), None, ""),
        (Font(color=ACCENT), HALF, ""),
    ],
)
def test_colours_of_the_theme_on_a_sheet(font: Font, fill: object, note: str) -> None:
    def change(sheet: object, _: object) -> None:
        sheet["C3"].font = font
        if fill is not None:
            sheet["C3"].fill = PatternFill("solid", fgColor=fill)

    assert [told for _, _, told in cells(change)] == [note]


def test_columns_that_have_no_width_by_default() -> None:
    def change(sheet: object, _: object) -> None:
        sheet.sheet_format.defaultColWidth = 0
        sheet.column_dimensions["B"].width = 12

    assert cells(change) == [("hidden", "hidden_row_column", "已隐藏的 C–XFD 列")]


WHITE, BLUE = RGBColor(255, 255, 255), RGBColor(0x1F, 0x4E, 0x79)


def text_on(colour: object, *, page: object = None, box: object = None, below: object = None, size: int = 18) -> object:
    """Return what is told of a text of a colour on a slide, in a box, over a shape of other colours."""
    deck, out = Presentation(), io.BytesIO()
    made = deck.slides.add_slide(deck.slide_layouts[6])
    if page is not None:
        made.background.fill.solid()
        made.background.fill.fore_color.rgb = page
    if below is not None:
        lower = made.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(9), Inches(6))
        lower.fill.solid()
        lower.fill.fore_color.rgb = below
    held = made.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1))
    if box is not None:
        held.fill.solid()
        held.fill.fore_color.rgb = box
    held.text_frame.text = CANARY
    run = held.text_frame.paragraphs[0].runs[0]
    run.font.size = Pt(size)
    if isinstance(colour, RGBColor):
        run.font.color.rgb = colour
    elif colour is not None:
        run.font.color.theme_color = colour
    deck.save(out)
    return told(pptx.read(out.getvalue(), Limits()))


@pytest.mark.parametrize(
    ("looks", "note"),
    [
        ({"colour": WHITE}, "白色文字"),
        ({"colour": MSO_THEME_COLOR.BACKGROUND_1}, "白色文字"),
        ({"colour": BLUE, "page": BLUE}, "与底色相同的文字"),
        ({"colour": RGBColor(0, 0, 0), "box": RGBColor(0, 0, 0)}, "黑底上的黑字"),
        ({"colour": None, "size": 1}, "极小文字"),
        ({"colour": WHITE, "page": BLUE}, ""),
        ({"colour": WHITE, "box": BLUE}, ""),
        ({"colour": WHITE, "below": BLUE}, ""),
        ({"colour": BLUE}, ""),
        ({"colour": None}, ""),
    ],
)
def test_text_in_the_colour_of_its_slide(looks: dict[str, object], note: str) -> None:
    ((_, _, found),) = text_on(**looks)
    assert found == note


@pytest.mark.parametrize(("kind", "note"), [("RGB", "第 1 页图形下的文字"), ("RGBA", "")])
def test_text_under_a_picture_on_a_slide(kind: str, note: str) -> None:
    deck, out, pixels = Presentation(), io.BytesIO(), io.BytesIO()
    made = deck.slides.add_slide(deck.slide_layouts[6])
    made.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame.text = CANARY
    Image.new(kind, (40, 20), "black" if kind == "RGB" else (0, 0, 0, 0)).save(pixels, "PNG")
    pixels.seek(0)
    made.shapes.add_picture(pixels, 0, 0, Inches(9), Inches(5))
    deck.save(out)
    ((_, _, found),) = told(pptx.read(out.getvalue(), Limits()))
    assert found == note


def pale_part(sheet: object) -> None:
    sheet["C3"] = CellRichText("见", TextBlock(InlineFont(color="FFFFFFFF"), CANARY))


def pale_by_condition(sheet: object) -> None:
    sheet["C3"] = CANARY
    sheet.conditional_formatting.add("C3:C9", FormulaRule(formula=["TRUE"], font=PALE))


def without_width(sheet: object) -> None:
    sheet["C3"] = CANARY
    sheet.sheet_format.defaultColWidth = 0
    sheet.column_dimensions["A"].width = 12


@pytest.mark.parametrize("hide", [pale_part, pale_by_condition, without_width])
def test_a_copy_of_a_workbook_does_not_keep_what_is_not_seen(hide: object) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = "看得见的字"
    hide(book.active)
    book.save(out)
    copy = convert("rewrite", out.getvalue(), identify(out.getvalue(), "x.xlsx"), [[], []], Limits())[1]
    found = [item for item in xlsx.read(copy, Limits()) if isinstance(item, Block) and item.location.part != "metadata"]
    assert [(item.text, item.hidden) for item in found] == [("看得见的字", None)]
