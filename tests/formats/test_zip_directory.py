"""The directory of a zip read at one go is what it is when looked at one thing after the other, or is not read so."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prescan.errors import ReadError
from prescan.formats import zip_directory
from prescan.types import Limits

_LIMITS = Limits(members=4, ratio=20, expanded_mb=2)


class Entry(NamedTuple):
    """A member, and what its entry in the directory says of it, true or not: None = the truth."""

    name: bytes = b"a.xml"
    content: bytes = b"x"
    local_name: bytes | None = None
    local_extra: bytes = b""
    gap: bytes = b""
    """Bytes in front of the member."""
    signature: bytes = b"PK\x01\x02"
    version: int = 20
    flags: int = 0
    method: int = zipfile.ZIP_STORED
    packed: int | None = None
    size: int | None = None
    offset: int | None = None
    extra: bytes = b""
    remark: bytes = b""


class Zip(NamedTuple):
    """A zip written by hand."""

    entries: tuple[Entry, ...]
    behind: bytes = b""
    """Bytes between members and directory."""
    count: int | None = None
    comment: bytes = b""
    before_end: bytes = b""

    def written(self) -> bytes:
        """Return its bytes."""
        out, listed = bytearray(), bytearray()
        for entry in self.entries:
            out += entry.gap
            name = entry.name if entry.local_name is None else entry.local_name
            at, length = len(out), len(entry.content)
            out += struct.pack("<4s22xHH", b"PK\x03\x04", len(name), len(entry.local_extra))
            out += name + entry.local_extra + entry.content
            packed, size, offset = (
                true if said is None else said
                for said, true in ((entry.packed, length), (entry.size, length), (entry.offset, at))
            )
            numbers = (entry.version, entry.flags, entry.method, 0, packed, size, len(entry.name), len(entry.extra))
            listed += struct.pack("<4s2xBxHH4xIIIHHH8xI", entry.signature, *numbers, len(entry.remark), offset)
            listed += entry.name + entry.extra + entry.remark
        out += self.behind
        begins = len(out)
        out += listed + self.before_end
        count = len(self.entries) if self.count is None else self.count
        out += struct.pack("<4s4xHHIIH", b"PK\x05\x06", count, count, len(listed), begins, len(self.comment))
        return bytes(out + self.comment)


def _often(usual: object, *others: object) -> st.SearchStrategy[object]:
    """Return what is mostly as usual: of packages that are odd in many ways every reader says the same."""
    return st.sampled_from([usual] * 12 + list(others))


_NAMES = (b"a.xml", b"A.xml", b"b.xml", b"word/a.xml", b"word/media/a.png", b"c", b"d/")
_ENTRIES = st.builds(
    Entry,
    name=st.sampled_from(_NAMES) | _often(b"e", b"", b"/a", b"a\\b", b"a\0", "说".encode()),
    content=st.binary(max_size=40),
    local_name=_often(None, b"a.xml", b"other"),
    local_extra=_often(b"", b"12"),
    gap=_often(b"", b"gap"),
    signature=_often(b"PK\x01\x02", b"PK\x01\x03"),
    version=_often(20, 63, 64),
    flags=_often(0, 1, 8, 0x800),
    method=_often(0, 8, 12),
    packed=_often(None, 0, 1, 60, 0xFFFFFFFF),
    size=_often(None, 0, 1 << 20, (1 << 20) + 1, 2 << 20, 0xFFFFFFFF),
    offset=_often(None, 0, 1, 36, 70, 0xFFFFFFFF),
    extra=_often(b"", b"12"),
    remark=_often(b"", b"remark"),
)
_ZIPS = st.builds(
    Zip,
    st.lists(_ENTRIES, max_size=5).map(tuple),
    behind=_often(b"", b"behind"),
    count=_often(None, 0, 1, 9),
    comment=_often(b"", b"remark"),
    before_end=_often(b"", b"PK\x06\x07" + bytes(16), b"12"),
)
_TWICE = (Entry(b"a", b"x" * 8), Entry(b"b", b"x" * 8))


@given(_ZIPS)
@example(Zip(_TWICE))
@example(Zip(_TWICE, count=1))
@example(Zip((_TWICE[0], _TWICE[1]._replace(local_name=b"a", name=b"a", offset=0))))
@example(Zip((Entry(b"a", b"x" * 8, packed=60), Entry(b"b", b"x" * 60))))
@example(Zip((Entry(b"a", local_name=b"ab"), Entry(b"b"))))
@example(Zip((Entry(b"/a"), Entry(b"b"))))
@example(Zip((Entry(b"a\\b"), Entry(b"b"))))
@example(Zip((Entry(b"a"), Entry(b"d/"))))
@example(Zip((Entry(b"a", extra=b"12"), Entry(b"b"))))
@example(Zip((Entry(b"a\0"), Entry(b"b"))))
@example(Zip((Entry(b"a"), Entry(b"b", packed=40)), behind=b"behind"))
@example(Zip((Entry(b"a"), Entry(b"b", packed=80))))
@example(Zip((Entry(b"a"), Entry(b"A"))))
@example(Zip((Entry(b"a", gap=b"12"), Entry(b"b"))))
@example(Zip((Entry(b"a", size=(2 << 20) + 1, content=b"x" * 200_000), Entry(b"b"))))
@example(Zip((Entry(b"a", size=(1 << 20) + 1), Entry(b"b"))))
@example(Zip((Entry(b"a", flags=1), Entry(b"b"))))
@example(Zip((Entry(b"a", method=12), Entry(b"b"))))
@example(Zip(tuple(Entry(b"%d" % number) for number in range(5))))
def test_read_at_one_go_or_not_at_all(made: Zip) -> None:
    """Whatever is hidden, shared, given twice, too large or behind a password is left to the one that refuses it."""
    data = made.written()
    quick = zip_directory._members_fast(data, _LIMITS)
    if quick is not None:
        assert quick == zip_directory._members_checked(data, _LIMITS)


@given(st.lists(st.tuples(st.sampled_from(_NAMES[2:6]), st.binary(max_size=40)), min_size=1, max_size=4), st.data())
def test_a_changed_byte_is_read_the_same_or_not_at_all(parts: list[tuple[bytes, bytes]], drawn: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in dict(parts).items():
            archive.writestr(name.decode(), content)
    data = bytearray(out.getvalue())
    assert zip_directory._members_fast(bytes(data), _LIMITS) == zip_directory._members_checked(bytes(data), _LIMITS)
    data[drawn.draw(st.integers(0, len(data) - 1))] ^= drawn.draw(st.integers(1, 255))
    quick = zip_directory._members_fast(bytes(data), _LIMITS)
    assert quick is None or quick == zip_directory._members_checked(bytes(data), _LIMITS)


def test_what_office_programs_write_is_read_at_one_go() -> None:
    """And what they never write is refused in words of its own."""
    assert zip_directory._members_fast(Zip(_TWICE).written(), _LIMITS)
    odd = Zip((Entry(b"a"), Entry(b"b", flags=1))).written()
    assert zip_directory._members_fast(odd, _LIMITS) is None
    with pytest.raises(ReadError) as caught:
        zip_directory._members_checked(odd, _LIMITS)
    assert caught.value.code == "encrypted"
