"""Data that programs store in a Word document: what one shows of a part holds for the next only if it is the same."""

from __future__ import annotations

import io
import zipfile

import pytest

from prescan.formats import docx
from prescan.types import Block, Limits, Unread

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BODY = f"<w:document {_W}><w:body><w:p><w:r><w:t>正文</w:t></w:r></w:p></w:body></w:document>"
_BARE = '<b:Sources xmlns:b="bibliography" StyleName="APA"><b:short>x</b:short></b:Sources>'
_LINKED = (
    '<Relationships><Relationship Id="r1" Type="a/hyperlink" Target="mailto:zhang@example.com" TargetMode="External"/>'
    "</Relationships>"
)


def read(stored: str, relations: str = "") -> list[tuple[str, str]]:
    """Return what is read of a document with a stored part: texts with their parts, codes of what was not read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", _BODY)
        archive.writestr("customXml/item1.xml", stored)
        if relations:
            archive.writestr("customXml/_rels/item1.xml.rels", relations)
    found: list[Block | Unread] = list(docx.read(out.getvalue(), Limits()))
    return [(item.code, item.name) if isinstance(item, Unread) else (item.location.part, item.text) for item in found]


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (_BARE, []),
        ("", []),
        ("<a><b>请联系张建国核实此人的住址</b></a>", [("hidden", "请联系张建国核实此人的住址")]),
        ('<a b="请联系张建国核实此人的住址"/>', [("hidden", "请联系张建国核实此人的住址")]),
        ("<a><b>13800138000</b></a>", [("hidden", "13800138000")]),
        (
            f"<w:comments {_W}><w:comment><w:p><w:r><w:t>批注</w:t></w:r></w:p></w:comment></w:comments>",
            [("comment", "批注")],
        ),
        (f"<w:hdr {_W}><w:p><w:r><w:t>页眉</w:t></w:r></w:p></w:hdr>", [("header", "页眉")]),
        ("<a><b></a>", [("corrupted", "customXml/item1.xml")]),
    ],
)
def test_a_stored_part_is_told_whatever_was_read_before(stored: str, told: list[tuple[str, str]]) -> None:
    """The first document, the second with the same part, one after another without it: all are told alike."""
    assert read(_BARE) == [("body", "正文")]
    assert read(stored) == read(stored) == [("body", "正文"), *told]


def test_addresses_that_a_silent_part_links_to_are_told() -> None:
    """A part that says nothing may still lead somewhere."""
    assert read(_BARE) == [("body", "正文")]
    assert ("hidden", "mailto:zhang@example.com") in read(_BARE, _LINKED)
