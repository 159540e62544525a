"""What lies in old office documents besides their own text: objects and macros are read inside."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from make_ole import compound, macros
from reading import items

from prescan.formats.old.graph import is_graph, read_graph
from prescan.formats.ole import CompoundFile
from prescan.types import Block, Unread

FILES = Path(__file__).parent / "files"
HEAD = struct.pack("<HHHH", 0x0809, 4, 0x0680, 5)


def label(row: int, column: int, text: str) -> bytes:
    """Return a cell of a chart's table."""
    content = struct.pack("<HH3xBB", row, column, len(text), 1) + text.encode("utf-16-le")
    return struct.pack("<HH", 4, len(content)) + content


def number(row: int, column: int, value: float) -> bytes:
    """Return a cell of a chart's table."""
    return struct.pack("<HHHH3xd", 3, 15, row, column, value)


def presentation(*objects: bytes) -> bytes:
    """Return a presentation that holds nothing but embedded objects, the even ones deflated."""
    stream = b""
    for at, content in enumerate(objects):
        packed = content if at % 2 else struct.pack("<I", len(content)) + zlib.compress(content)
        stream += struct.pack("<HHI", 0 if at % 2 else 1 << 4, 4113, len(packed)) + packed
    return compound({"PowerPoint Document": stream})


def test_a_workbook_in_a_document() -> None:
    """LibreOffice keeps the workbook of embedded.fodt in a storage of the document."""
    found = [item for item in items((FILES / "embedded.doc").read_bytes()) if isinstance(item, Block)]
    assert [item.text for item in found if item.text == "正文暗记"] == ["正文暗记"]
    inner = next(item for item in found if item.text == "内嵌名册暗记")
    assert (inner.location.member, inner.location.cell) == ("第1个内嵌对象", "名册!B1")
    assert [item.note for item in found if item.hidden == "embedded_file"] == ["内嵌对象"]


def test_a_storage_becomes_a_file_of_its_own() -> None:
    """Only what lies in the storage is left of the directory: the document around it is not read again."""
    holder = CompoundFile((FILES / "embedded.doc").read_bytes())
    (apart,) = holder.embedded_objects()
    assert "WordDocument" in holder.names
    assert "WordDocument" not in CompoundFile(apart).names
    assert CompoundFile(apart).bytes_of("Workbook") == holder.bytes_of("Workbook")


def test_objects_of_a_presentation() -> None:
    """Deflated or not; one that cannot be inflated is said."""
    chart = compound({"Workbook": HEAD + label(0, 1, "甲暗记") + label(1, 0, "乙暗记") + number(1, 1, 12.5)})
    found = items(presentation(chart, compound({"Package": "丙暗记".encode()})))
    texts = [(item.location.member, item.location.cell, item.text) for item in found if isinstance(item, Block)]
    assert [item for item in texts if item[2]] == [
        ("第1个内嵌对象", "图表!B1", "甲暗记"),
        ("第1个内嵌对象", "图表!A2", "乙暗记"),
        ("第1个内嵌对象", "图表!B2", "12.5"),
        ("第2个内嵌对象", None, "丙暗记"),
    ]
    broken = presentation(chart).replace(zlib.compress(chart)[:40], b"\x78\x9c" + b"\xff" * 38)
    assert ("第1个内嵌对象", "corrupted") in [
        (item.name, item.code) for item in items(broken) if isinstance(item, Unread)
    ]


def test_a_cut_chart_ends_where_it_is_cut() -> None:
    """Nothing is made up of a record that is not whole."""
    stream = HEAD + label(0, 0, "甲") + number(0, 1, 1)
    assert is_graph(stream)
    assert not is_graph(b"\x09\x08\x10\x00\x00\x06")
    assert [block.text for block in read_graph(stream[:-12])] == ["甲"]


def test_macros_of_an_old_document() -> None:
    """A macro project is announced, and its telling lines are text."""
    source = "Sub Enter()\r\n' 经办人张三的暗记\r\nEnd Sub\r\n"
    found = items(presentation(macros(source, project=True)))
    told = [(item.note, item.text) for item in found if isinstance(item, Block) and item.hidden == "embedded_file"]
    assert told == [("宏程序", ""), ("宏程序", "' 经办人张三的暗记")]


def test_a_cell_far_out_in_an_empty_sheet() -> None:
    """Empty cells cost nothing: the last row of a sheet as large as the format allows is read."""
    found = items((FILES / "sparse.xls").read_bytes())
    assert [(item.text, item.location.cell) for item in found if isinstance(item, Block) and "暗记" in item.text] == [
        ("首格暗记", "册!A1"),
        ("末格暗记", "册!GR60000"),
    ]
