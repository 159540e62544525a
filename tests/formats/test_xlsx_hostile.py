"""Hostile workbooks: every one ends soon and says what was not read; harmless ones still give their text."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from test_xlsx import MAIN, OFFICE, RELATIONS, book, read, rows

from prescan.errors import ReadError
from prescan.formats.xlsx import book as sheet_book
from prescan.types import Block, Limits, Unread

CELL = '<c r="A1" t="str"><v>暗记</v></c>'


def texts(data: bytes) -> list[str]:
    """Return what is told."""
    return [item.text for item in read(data) if isinstance(item, Block)]


def codes(data: bytes, limits: Limits | None = None) -> list[str]:
    """Return the codes of what is not read."""
    try:
        return [item.code for item in read(data, limits) if isinstance(item, Unread)]
    except ReadError as error:
        return [f"ReadError {error.code}"]


def test_a_claimed_dimension_is_not_believed() -> None:
    """A sheet says it has a million rows and has one cell."""
    start = time.process_time()
    assert texts(book('<dimension ref="A1:XFD1048576"/>' + rows(CELL))) == ["暗记"]
    assert time.process_time() - start < 1


def test_the_farthest_cell() -> None:
    """The last cell of a sheet is a cell like any other."""
    sheet = '<sheetData><row r="1048576"><c r="XFD1048576" t="str"><v>暗记</v></c></row></sheetData>'
    found = read(book(sheet))
    assert [item.location.cell for item in found if isinstance(item, Block)] == ["表1!XFD1048576"]


@pytest.mark.parametrize("place", ["XFE1", "A1048577", "A0", "A99999999999999999999", "ÀA1", "1", "", "AAAAAAAAAA1"])
def test_cells_outside_a_sheet(place: str) -> None:
    """A cell that cannot be there is told without a place, and the sheet is said to be damaged."""
    found = read(book(rows(f'<c r="{place}" t="str"><v>暗记</v></c>')))
    assert [(b.text, b.location.cell) for b in found if isinstance(b, Block)] == [("暗记", None)]
    assert [item.code for item in found if isinstance(item, Unread)] == ["corrupted"]


@pytest.mark.parametrize("index", ["9", "-1", "x", "99999999999999999999", "１"])
def test_a_string_that_is_not_there(index: str) -> None:
    """A cell points beyond the shared strings."""
    data = book(rows(CELL, f'<c t="s"><v>{index}</v></c>'), strings="<si><t>甲</t></si>")
    assert codes(data) == ["corrupted"]
    assert texts(data)[0] == "暗记"


def test_one_long_string_in_every_cell() -> None:
    """Few bytes that would say the same long text a hundred thousand times stop at the limit; the beginning stays."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_000))
    strings = f"<si><t>{'暗' * 30_000}</t></si>"
    found = read(book(f"<sheetData>{cells}</sheetData>", strings=strings))
    assert [item.code for item in found if isinstance(item, Unread)] == ["archive_limit"]
    assert 1 < len(found) < 1_000


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading stops at the limit and says so."""
    monkeypatch.setattr(sheet_book, "CELLS_AT_MOST", 5)
    cells = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 10))
    found = read(book(f"<sheetData>{cells}</sheetData>"))
    assert len([item for item in found if isinstance(item, Block)]) == 5
    assert [item.code for item in found if isinstance(item, Unread)] == ["archive_limit"]


def test_empty_cells_between_far_cells_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Filling gaps cannot make a small file large."""
    monkeypatch.setattr(sheet_book, "CELLS_AT_MOST", 20)
    row = '<row r="{0}"><c r="A{0}"><v>1</v></c><c r="Z{0}"><v>1</v></c></row>'
    assert codes(book("<sheetData>" + row.format(1) + row.format(2) + "</sheetData>")) == ["ReadError archive_limit"]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE worksheet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE worksheet SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE worksheet [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    ],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_entities_are_refused(part: str, declared: str) -> None:
    """A declaration that no office program writes; nothing is fetched or expanded."""
    root = {"xl/sharedStrings.xml": "sst", "xl/workbook.xml": "workbook"}.get(part, "worksheet")
    inside = {"sst": "<si><t>&b;</t></si>", "workbook": "<a>&b;</a>"}.get(root, rows("<c t='str'><v>&b;</v></c>"))
    held = f'{declared}<{root} xmlns="{MAIN}">{inside}</{root}>'
    found = read_or_code(book(rows(CELL), strings="<si/>", parts={part: held}))
    assert "corrupted" in found
    assert not any("root:" in text or "aaaa" in text for text in found)


def read_or_code(data: bytes) -> list[str]:
    """Return texts and codes alike."""
    try:
        return [item.text if isinstance(item, Block) else item.code for item in read(data)]
    except ReadError as error:
        return [error.code]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_other_encodings(encoding: str) -> None:
    """A part in another encoding is read as its declaration says."""
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    sheet = f'<?xml version="1.0" encoding="{name}"?><worksheet xmlns="{MAIN}">{rows(CELL)}</worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(""))) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.namelist():
            part_content = sheet.encode(encoding) if part.endswith("sheet1.xml") else source.read(part)
            target.writestr(part, part_content)
    assert texts(out.getvalue()) == ["暗记"]


def test_prefixes_and_strict_namespaces() -> None:
    """Names are compared without their namespace."""
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    cell = '<x:row r="1"><x:c r="B1"><x:v>7</x:v></x:c></x:row>'
    sheet = f'<x:worksheet xmlns:x="{strict}"><x:sheetData>{cell}</x:sheetData></x:worksheet>'
    found = read(book("", parts={"xl/worksheets/sheet1.xml": sheet}))
    assert [(b.text, b.location.cell) for b in found if isinstance(b, Block)] == [("7", "表1!B1")]


def test_a_truncated_sheet_keeps_what_came_before() -> None:
    """Rows before the damage are told, and the rest is said to be missing."""
    whole = "<sheetData>" + "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 5_000))
    data = book("", parts={"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{whole}<row><c'})
    assert len(texts(data)) == 4_999
    assert codes(data) == ["corrupted"]


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_truncated_file(kept: float) -> None:
    """Half a zip is no zip."""
    data = book(rows(CELL))
    assert codes(data[: int(len(data) * kept)]) == ["ReadError corrupted"]


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    """A part that grows more than a hundredfold."""
    assert codes(book(rows(CELL) + " " * (8 << 20))) == ["ReadError archive_limit"]


def test_a_text_beyond_the_parser() -> None:
    """A text over 10 MB is said to be unread; other sheets are read."""
    long = "".join(f"{number:07}" for number in range(1_600_000))
    first = rows(f'<c t="str"><v>{long}</v></c>')
    data = book(first, rows(CELL))
    assert texts(data) == ["暗记"]
    assert codes(data) == ["corrupted"]


def test_cyclic_relations() -> None:
    """Parts that refer to themselves and to each other are read once."""
    lines = "".join(
        f'<Relationship Id="r{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for kind, target in (("drawing", "sheet1.xml"), ("worksheet", "sheet1.xml"), ("table", "../workbook.xml"))
    )
    parts = {"xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{RELATIONS}">{lines}</Relationships>'}
    assert texts(book(rows(CELL), parts=parts)) == ["暗记"]


def test_one_part_listed_as_many_sheets() -> None:
    """A sheet that is listed again and again is read once."""
    listed = f'<sheets xmlns:r="{OFFICE}">' + '<sheet name="x" r:id="s1"/>' * 5_000 + "</sheets>"
    assert texts(book(rows(CELL), workbook=listed)) == ["暗记"]


def test_a_sheet_that_is_missing() -> None:
    """The workbook lists a sheet that the package does not hold."""
    data = book(rows(CELL), workbook=f'<sheets xmlns:r="{OFFICE}"><sheet name="y" r:id="s9"/></sheets>')
    assert texts(data) == ["暗记"]
    assert codes(data) == ["corrupted"]


def test_columns_and_merges_without_end() -> None:
    """Ranges over the whole sheet, thousands of times, cost nothing."""
    columns = "<cols>" + '<col min="1" max="99999999" hidden="1"/>' * 20_000 + "</cols>"
    merges = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 2_000 + "</mergeCells>"
    cells = (
        "<sheetData>" + "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(300)) + "</sheetData>"
    )
    start = time.process_time()
    found = [item for item in read(book(columns + cells + merges)) if isinstance(item, Block)]
    assert {block.note for block in found} == {"已隐藏的 A–XFD 列"}
    assert time.process_time() - start < 3


@pytest.mark.parametrize("quotes", ['"' * 50_001, '"a' * 30_000, "'" * 60_000])
def test_patterns_do_not_run_away(quotes: str) -> None:
    """Formulas, headers and formats made of quotes."""
    escaped = quotes.replace('"', "&quot;")
    styles = (
        f'<numFmts><numFmt numFmtId="200" formatCode="{escaped}"/></numFmts><cellXfs><xf numFmtId="200"/></cellXfs>'
    )
    sheet = (
        f'<sheetData><row><c s="0"><f>{escaped}</f><v>1</v></c></row></sheetData>'
        f"<headerFooter><oddHeader>&amp;{escaped}</oddHeader></headerFooter>"
    )
    start = time.process_time()
    assert texts(book(sheet, styles=styles))
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
)
@pytest.mark.parametrize("content", ["", "\0\0\0", "<", "plain", "<a/>", "<worksheet><sheetData>", "<a><b></a>"])
def test_nonsense_in_a_part(part: str, content: str) -> None:
    """Any damage ends in a code or in text, never in another error."""
    data = book(rows(CELL), strings="<si/>", styles="<cellXfs/>", parts={part: content})
    assert read_or_code(data)


def test_old_drawings_of_nonsense() -> None:
    """VML may be anything."""
    declared = "<!DOCTYPE a [<!ENTITY b 'c'>]><xml><shape><textbox>&b;</textbox></shape></xml>"
    for content in ("", "<", "\0", "<xml><v:shape>", declared):
        relation = f'<Relationship Id="v" Type="{OFFICE}/vmlDrawing" Target="../drawings/v.vml"/>'
        parts = {
            "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>',
            "xl/drawings/v.vml": content,
        }
        assert texts(book(rows(CELL), parts=parts))[0] == "暗记"
