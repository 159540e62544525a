"""Containers are not rewritten; what is said names the reason, not the whole file."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest

import prescan
from prescan.redaction import _refuse_unread, redact
from prescan.types import Block, Document, Location, ScanResult, Unread


def test_an_unread_member_is_not_said_of_the_whole_archive() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("有.txt", "关于印发方案的通知")
        archive.writestr("空.txt", "")
    out = io.BytesIO()
    with prescan.Scanner() as scanner, pytest.raises(prescan.ReadError) as caught:
        redact(scanner, stream.getvalue(), out, name="a.zip")
    assert "其中的一个文件没有读出" in caught.value.detail
    assert out.getvalue() == b""


@pytest.mark.parametrize(
    ("lost", "refused"),
    [
        ("合同.docx", True),
        ("合同.docx/旧合同.docx", True),
        ("合同.docx/合同.docx", False),
        ("合同.docx/合同.docx/附表.xlsx", False),
        ("合同.docx/合同.docx.bin", True),
    ],
)
def test_only_what_lies_in_an_embedded_file_goes_with_it(lost: str, refused: bool) -> None:
    """An older copy of a document in itself bears its name; what was not read of the document is borne nowhere."""
    blocks = (Block("正文"), Block("旧稿", Location(member="合同.docx")))
    unread = (Unread(lost, "timeout", "读取超时"),)
    result = ScanResult(
        Document("合同.docx", None, "0" * 64, blocks), (), None, unread, "unread", {}, datetime.date(2026, 3, 1)
    )
    if not refused:
        _refuse_unread(result)
        return
    with pytest.raises(prescan.ReadError) as caught:
        _refuse_unread(result)
    assert ("其中的一个文件" in caught.value.detail) == (lost != "合同.docx")
