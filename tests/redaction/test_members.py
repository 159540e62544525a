"""Containers are not rewritten; what is said names the reason, not the whole file."""

from __future__ import annotations

import io
import zipfile

import pytest

import prescan
from prescan.redaction import redact


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
