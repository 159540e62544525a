"""csv, xlsx and the register: a row a finding, nothing that calculates."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import built
import openpyxl
import pytest
from written import written

from prescan.report.rows import HEADER, VALUE, VERSIONS, starts_formula
from prescan.types import Block

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", " =1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"]


def named(name: str):
    """Return a result whose name, title, words and reasons all begin like a formula."""
    found = built.found()
    one = replace(found.findings[3], evidence=(name,), advice=name, masked=name)
    document = replace(found.document, name=name, blocks=(Block(name), *found.document.blocks))
    return replace(found, document=document, title=name, doc_number=name, findings=(one,))


def lines(data: bytes) -> list[list[str]]:
    """Return the rows of a csv report."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_opens_in_excel_and_has_a_row_for_every_finding_and_unread():
    data = written(built.every(), "csv")
    rows = lines(data)
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert tuple(rows[0]) == (*HEADER, VERSIONS)
    findings = sum(len(one.findings) for one in built.every())
    assert [row[1] for row in rows[1:]].count("未读") == 2
    assert len(rows) == 1 + findings + 2
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_of_a_csv_calculates(name):
    assert [cell for row in lines(written(named(name), "csv")) for cell in row if starts_formula(cell)] == []


def test_a_long_cell_is_cut_and_not_left_empty():
    found = built.found()
    long = replace(found, findings=(replace(found.findings[3], advice="删" * 40_000),))
    sheet = openpyxl.load_workbook(io.BytesIO(written(long, "xlsx"))).worksheets[0]
    said = sheet.cell(2, HEADER.index("怎么办") + 1).value
    assert said.startswith("删删")
    assert said.endswith("删…")


@pytest.mark.parametrize("writer", ["xlsx", "register"])
@pytest.mark.parametrize("name", FORMULAS)
def test_no_cell_of_a_workbook_calculates_or_links(writer, name):
    data = written(named(name), writer)
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        held = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in held} <= {"s", "n"}
        assert not [cell for cell in held if cell.hyperlink]
        starting = [cell for cell in held if cell.data_type == "s" and starts_formula(cell.value)]
        assert all(cell.quotePrefix for cell in starting)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not any(b"<f>" in package.read(part) for part in package.namelist())


def test_a_workbook_has_a_row_for_every_finding_file_and_unread():
    book = openpyxl.load_workbook(io.BytesIO(written(built.every(), "xlsx")))
    counts = {sheet.title: sheet.max_row - 1 for sheet in book.worksheets}
    assert counts == {"疑点": sum(len(one.findings) for one in built.every()), "文件": 4, "未读": 2}
    assert {sheet.freeze_panes for sheet in book.worksheets} == {"A2"}
    assert all(sheet.auto_filter.ref for sheet in book.worksheets)


def test_values_have_a_column_of_their_own_on_request():
    rows = lines(written(built.found(), "csv", show_values=True))
    assert rows[1][-2:] == [VALUE, VERSIONS]
    assert {row[-2] for row in rows[2:]} >= set(built.VALUES)


def test_the_register_has_a_row_a_document_with_what_people_decided():
    sheet = openpyxl.load_workbook(io.BytesIO(written(built.every(), "register", decisions=built.decisions()))).active
    header, *rows = [row for row in sheet.values if row[1] is not None or row[0]][1:]
    held = [dict(zip(header, row, strict=True)) for row in rows]
    assert [one["序号"] for one in held] == [1, 2, 3, 4]
    assert held[0]["人定公开属性"] == "不予公开"
    assert held[0]["人定依据"] == "条例 第十六条第一款"
    assert held[0]["疑点处置"].startswith("误报 1 处")
    assert (held[0]["阻断"], held[0]["复核"], held[0]["提示"], held[0]["未读"]) == (3, 3, 1, 1)
    assert {one["备案编号"] for one in held} == {None}
    assert held[1]["人定公开属性"] is None
