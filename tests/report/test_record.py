"""The written record: filled in by the machine where it may, empty where a person decides."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import PROACTIVE
from planted import CANARIES, IN_TEXT, result

import prescan


def record(results, **options: bool) -> bytes:
    """Return a record as bytes."""
    stream = io.BytesIO()
    prescan.write(results, "record", stream, **options)
    return stream.getvalue()


def rows(data: bytes, number: int = 0) -> dict[str, str]:
    """Return the rows of one form: label → what stands beside it."""
    table = docx.Document(io.BytesIO(data)).tables[number]
    return {row.cells[0].text: row.cells[-1].text for row in table.rows}


@pytest.fixture(scope="module")
def found(scanner) -> prescan.ScanResult:
    """Return the result of a document with something in every place."""
    return result(scanner)


def test_a_record_names_the_document_and_what_looked_at_it(found):
    data = record(found)
    form = docx.Document(io.BytesIO(data))
    assert form.paragraphs[0].text == "政府信息公开保密审查表"
    held = rows(data)
    assert held["信息名称"].startswith("关于核定")
    assert held["文件校验值（SHA-256）"] == found.document.sha256
    assert all(version in held["版本与日期"] for version in found.versions.values())
    assert found.today.isoformat() in held["版本与日期"]
    assert held["机审结论"].startswith("疑似不得公开，请先处理（阻断")


def test_what_a_person_decides_is_left_empty(found):
    held = rows(record(found))
    signatures = {label: text for label, text in held.items() if re.match("初审|复审|终审", label)}
    assert len(signatures) == 3
    assert all(re.fullmatch(r"意见：\s*签章：\s*日期：\s*年\s*月\s*日", text) for text in signatures.values())
    assert held["备案编号"] == ""
    assert held["不公开的依据或理由"].strip() == ""
    assert all(option.strip().startswith("□") for option in held["审查结论"].splitlines())
    assert held["公开属性"].count("□") == 3
    assert not re.search("[☑√✓■]", "".join(held.values()))


@pytest.mark.parametrize("place", CANARIES)
def test_no_planted_value_is_in_any_part_of_a_record(found, place):
    with zipfile.ZipFile(io.BytesIO(record(found))) as package:
        whole = "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    assert CANARIES[place] not in whole
    assert CANARIES[place] not in re.sub(r"<[^>]+>|\s", "", whole)


def test_values_are_in_a_record_only_on_request(found):
    assert IN_TEXT in "".join(rows_text(record(found, show_values=True)))
    assert IN_TEXT not in "".join(rows_text(record(found)))


def rows_text(data: bytes) -> list[str]:
    """Return the text of every cell."""
    return [cell.text for table in docx.Document(io.BytesIO(data)).tables for row in table.rows for cell in row.cells]


def test_a_record_names_no_author(found):
    properties = docx.Document(io.BytesIO(record(found))).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")


def test_several_results_are_several_forms(scanner, found):
    data = record([found, scanner.scan_text(PROACTIVE), scanner.scan_file("没有.docx")])
    assert len(docx.Document(io.BytesIO(data)).tables) == 3
    assert rows(data, 1)["机审结论"].startswith("未见疑点")
    assert "missing" in rows(data, 2)["未读内容"]
    assert rows(data, 2)["文件校验值（SHA-256）"] == "（未读到内容）"


def test_the_same_result_gives_the_same_record(found):
    parts = []
    for _ in range(2):
        with zipfile.ZipFile(io.BytesIO(record(found))) as package:
            parts.append({name: package.read(name) for name in package.namelist()})
    assert parts[0] == parts[1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.lists(
        st.sampled_from(["身份证号：", IN_TEXT, "\n", "通知"]) | st.text(st.characters(exclude_categories=()))
    ).map("，".join)
)
def test_any_text_gives_a_record_that_opens(scanner, text):
    context = prescan.Context(title=text[:30] or None)
    assert IN_TEXT not in "".join(rows_text(record(scanner.scan_text(text, context=context))))
