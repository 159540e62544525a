"""Words in the binary parts of office files: data of fields, controls, queries, settings; bytes as specified."""

from __future__ import annotations

import base64
import io
import random
import struct
import uuid
import zipfile

import pytest
import xlsxwriter
from invented import RESIDENT_ID as ID
from make_ole import compound
from reading import items
from test_residue import changed, sheet, slide, word

from prescan.formats import binary
from prescan.types import Block

SENTENCE = "陈小明住在青禾县石桥村九号院"
#: The text box of Microsoft Forms, by its class.
TEXT_BOX = uuid.UUID("8BD21D10-EC42-11CE-9E0D-00AA006002F3").bytes_le


def counted(text: str) -> bytes:
    """Return a string as form fields keep it ([MS-DOC] 2.9.78): its length, then UTF-16 and a zero."""
    return struct.pack("<H", len(text)) + text.encode("utf-16-le") + b"\0\0"


def field(text: str) -> bytes:
    """Return a Word document with a field that keeps a text as data."""
    data = b"\xff\xff\xff\xff" + bytes(6) + counted("Text1") + counted(text) + counted("") * 4
    written = base64.encodebytes(data).decode()
    begin = f'<w:fldChar w:fldCharType="begin"><w:fldData xml:space="preserve">{written}</w:fldData></w:fldChar>'
    return changed(word(), "word/document.xml", "<w:sectPr", f"<w:p><w:r>{begin}</w:r></w:p>")


def control(text: str, *, wide: bool = True) -> bytes:
    """Return what a control keeps ([MS-OFORMS] 2.2.5): a mask, sizes, the value, counted, compressed or not."""
    value = text.encode("utf-16-le" if wide else "gbk")
    held = struct.pack("<QIII", 0x80400001, 0x1B4, len(value) | (0 if wide else 1 << 31), 0x35) + value
    return b"\0\2" + struct.pack("<H", len(held)) + held


def query(text: str) -> bytes:
    """Return what Power Query keeps of a workbook ([MS-QDEFF] 2.2)."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("Config/Package.xml", "<Package/>")
        package.writestr("Formulas/Section1.m", f'section Section1;\nshared 名单 = Table.FromRows({{{{"{text}"}}}});')
    held = inner.getvalue()
    data = struct.pack("<II", 0, len(held)) + held + struct.pack("<I", 0) * 3
    part = f'<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">{base64.b64encode(data).decode()}</DataMashup>'
    return ('<?xml version="1.0" encoding="utf-16"?>' + part).encode("utf-16")


def printer(text: str) -> bytes:
    """Return settings of a printer, as a DEVMODE with a driver's own data behind it."""
    return "打印机".encode("utf-16-le").ljust(64, b"\0") + bytes(156) + f"D:\\{text}".encode("utf-16-le")


def told(data: bytes, text: str) -> list[tuple[str, str | None, str]]:
    found = (item for item in items(data) if isinstance(item, Block) and text in item.text)
    return list(dict.fromkeys((item.location.part, item.hidden, item.note) for item in found))


PARTS = {
    "field data": (field, ("hidden", "hidden_text", "域的内部数据")),
    "control": (
        lambda text: changed(word(), "word/activeX/activeX1.bin", added=TEXT_BOX + control(text)),
        ("form", None, "控件中的文字"),
    ),
    "control in the code page": (
        lambda text: changed(slide(), "ppt/activeX/activeX1.bin", added=TEXT_BOX + control(text, wide=False)),
        ("form", None, "控件中的文字"),
    ),
    "control in a storage": (
        lambda text: changed(sheet(), "xl/activeX/activeX1.bin", added=TEXT_BOX + compound({"f": control(text)})),
        ("form", None, "控件中的文字"),
    ),
    "query": (
        lambda text: changed(sheet(), "customXml/item1.xml", added=query(text)),
        ("hidden", "hidden_text", "查询（Power Query）的代码"),
    ),
    "printer": (
        lambda text: changed(sheet(), "xl/printerSettings/printerSettings1.bin", added=printer(text)),
        ("hidden", "hidden_text", "打印等程序设置"),
    ),
}


@pytest.mark.parametrize("text", [ID, SENTENCE])
@pytest.mark.parametrize("name", PARTS)
def test_binary_parts_are_told(name: str, text: str) -> None:
    make, place = PARTS[name]
    assert told(make(text), text) == [place]


def test_readings_above_a_cell_are_told() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "看得见的单元格")
    reading = f'<rPh sb="0" eb="1"><t>{SENTENCE}</t></rPh>'
    held = changed(out.getvalue(), "xl/sharedStrings.xml", "</si>", reading)
    assert told(held, SENTENCE) == [("hidden", "hidden_text", "注音")]


def test_bytes_of_programs_say_nothing() -> None:
    """Pictures, compressed data, tables of numbers hold no row of characters that is long enough."""
    noise = random.Random(3).randbytes(1 << 16)
    assert [text for text in binary.strings(noise) if len(text) > 5] == []
    assert not any(len(text) > 9 for text in binary.strings(struct.pack("<20000H", *range(20_000, 40_000))))
    assert list(binary.base64_strings("不是 base64")) == list(binary.base64_strings("YQ=")) == []
    assert binary.power_query_code("AAAA") == binary.power_query_code(base64.b64encode(bytes(40)).decode()) == ""


def test_the_name_of_a_printer_is_nothing_to_look_at() -> None:
    assert told(changed(sheet(), "xl/printerSettings/printerSettings1.bin", added=printer("报表")), "打印机") == []
