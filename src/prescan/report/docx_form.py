"""Helpers for Word forms: an A4 page in 宋体, tables with fixed columns, text without characters XML forbids."""

from __future__ import annotations

import datetime
import io
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.formats.office_zip import without_dates
from prescan.report.shown import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Docx
    from docx.table import Table, _Cell

FONT: Final = "宋体"
_SHADE: Final = "F2F2F2"
_PADDING: Final = "35"
"""Twentieths of a point."""


def new_form(day: datetime.date, *, size: float = 10.5, margin: float = 2.0) -> Docx:
    """Return an empty A4 document without author; `day` is its only date, `size` in points, `margin` in centimetres."""
    import docx  # noqa: PLC0415  slow to import
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    form = docx.Document()
    style = form.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    for section in form.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(margin)
        section.header_distance = section.footer_distance = Cm(1)
    form.core_properties.author = ""
    form.core_properties.comments = ""
    form.core_properties.created = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
    return form


def new_page(form: Docx) -> None:
    """Begin a new page."""
    form.add_page_break()


def heading(form: Docx, text: str, size: float = 16) -> None:
    """Add a centred heading."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    paragraph = form.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.font.size = True, Pt(size)


def paragraph(form: Docx, text: str, *, bold: bool = False, indent: bool = False, red: bool = False) -> None:
    """Add a paragraph; `indent` the first line by two characters, as in running text."""
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    added = form.add_paragraph()
    size = form.styles["Normal"].font.size
    if indent and size is not None:
        added.paragraph_format.first_line_indent = Pt(2 * size.pt)
    run = added.add_run(clean(text))
    run.bold = bold
    if red:
        run.font.color.rgb = RGBColor(0xC0, 0, 0)


def new_table(form: Docx, widths: Sequence[float]) -> Table:
    """Add a table without rows; `widths` of its columns in centimetres."""
    from docx.enum.table import WD_TABLE_ALIGNMENT  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    table: Table = form.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    _pad(table)
    return table


def _pad(table: Table) -> None:
    """Give the cells of a table a margin above and below their text."""
    from docx.oxml import OxmlElement  # noqa: PLC0415  slow to import
    from docx.oxml.ns import qn  # noqa: PLC0415

    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), _PADDING)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = table._tbl.tblPr  # noqa: SLF001  python-docx has no other way
    look = properties.find(qn("w:tblLook"))
    properties.append(margins) if look is None else look.addprevious(margins)


def section_row(table: Table, text: str) -> None:
    """Add a shaded row over all columns."""
    cells = _row(table)
    cell = cells[0].merge(cells[-1])
    cell.paragraphs[0].add_run(clean(text)).bold = True
    shade(cell)


def field_row(table: Table, label: str, value: str, second: str | None = None, other: str = "") -> None:
    """Add a row with a label and its value; with `second`, another label and its value `other` (four columns)."""
    cells = _row(table)
    fill(cells[0], label, bold=True)
    if second is None:
        fill(cells[1].merge(cells[-1]), value)
        return
    fill(cells[1], value)
    fill(cells[2], second, bold=True)
    fill(cells[3], other)


def cells_row(table: Table, values: Sequence[str], *, bold: bool = False) -> None:
    """Add a row with a value in each column."""
    for cell, value in zip(_row(table), values, strict=True):
        fill(cell, value, bold=bold)


def fill(cell: _Cell, text: str, *, bold: bool = False) -> None:
    """Put text into a cell, with its line ends."""
    cell.paragraphs[0].add_run(clean(text)).bold = bold


def shade(cell: _Cell) -> None:
    """Give a cell a light grey background."""
    from docx.oxml import OxmlElement  # noqa: PLC0415  slow to import
    from docx.oxml.ns import qn  # noqa: PLC0415

    ground = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        ground.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(ground)  # noqa: SLF001  python-docx has no other way


def save(form: Docx, stream: IO[bytes]) -> None:
    """Write the document; the same form gives the same bytes. The stream need not be seekable."""
    buffer = io.BytesIO()
    form.save(buffer)
    stream.write(without_dates(buffer.getvalue()))


def clean(text: str) -> str:
    """Return text without characters XML forbids; line ends are kept."""
    return "\n".join(map(harmless, text.split("\n")))


def _row(table: Table) -> Any:  # noqa: ANN401  python-docx has types for half of its functions
    """Add a row that is not split over two pages; return its cells."""
    from docx.oxml import OxmlElement  # noqa: PLC0415  slow to import

    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001  as above
    cells = row.cells
    for cell, column in zip(cells, table.columns, strict=True):
        cell.width = column.width
    return cells
