"""Macros: the words in their source are read."""

from __future__ import annotations

import pytest
from make_ole import compound, macros

from prescan.errors import ReadError
from prescan.formats.ole import CompoundFile
from prescan.formats.vba import decompressed, source_lines

#: The example of MS-OVBA 3.2.2: literals and copies.
NORMAL = bytes.fromhex(
    "012fb000236161616263646582660070616768696a013808616b6c00306d6e6f700671027004107273747576107778797a003c"
)


def test_copies_are_resolved() -> None:
    assert decompressed(NORMAL, 0) == b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"


def test_words_of_a_module_are_read_and_code_is_not() -> None:
    source = 'Sub a()\r\n  \' 经办人张三的暗记\r\n  x = 1\r\n  n = "13800138000"\r\nEnd Sub\r\n'
    assert list(source_lines(CompoundFile(macros(source)))) == ["' 经办人张三的暗记", 'n = "13800138000"']


@pytest.mark.parametrize("cut", range(3, len(NORMAL), 7))
def test_a_damaged_container_ends(cut: int) -> None:
    assert b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa".startswith(decompressed(NORMAL[:cut], 0)[:8])


def test_a_project_without_source_is_unread() -> None:
    with pytest.raises(ReadError, match="未能读出"):
        list(source_lines(CompoundFile(compound({"dir": b"\x01\x00"}))))
