"""Archives made to exhaust, to deceive or to break out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import warnings
import zipfile
from typing import TYPE_CHECKING

from hostile_case import CANARY, Case
from packing import seven

if TYPE_CHECKING:
    from collections.abc import Iterable

HARMLESS = CANARY.encode()


def noise(size: int) -> bytes:
    """Return random bytes, the same ones each time."""
    return random.Random(1).randbytes(size)


def zipped(members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip, also of members of one name."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def changed(data: bytes, offset: int, code: str, value: int, entry: int = 0) -> bytes:
    """Return a zip with a field of one of its directory entries changed."""
    at = -1
    for _ in range(entry + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    out = bytearray(data)
    struct.pack_into(code, out, at + offset, value)
    return bytes(out)


def tree_bomb() -> bytes:
    """Return a zip of 16 zips of 16 zips of 10 MB each: 2.5 GB from a few kilobytes, after the manner of 42.zip."""
    leaf = zipped([("0.txt", b" " * (10 << 20))])
    branch = zipped([(f"{number}.zip", leaf) for number in range(16)])
    return zipped([("a.txt", HARMLESS), *((f"{number}.zip", branch) for number in range(16))])


def many_small() -> bytes:
    """Return a zip of 500 members that each stay below what is asked for its ratio."""
    return zipped([("a.txt", HARMLESS), *((f"{number}.bin", bytes((1 << 20) - 1)) for number in range(500))])


def nested(levels: int) -> bytes:
    """Return a zip in a zip in a zip."""
    data = zipped([("a.txt", HARMLESS)])
    for _ in range(levels):
        data = zipped([("z.zip", data), ("a.txt", HARMLESS)])
    return data


def overlapping() -> bytes:
    """Return a zip of which every directory entry points at the same bytes."""
    data = zipped([(f"{number:04}.txt", b"x" * 500_000) for number in range(50)])
    for entry in range(1, 50):
        data = changed(data, 42, "<I", 0, entry)
    return data


def two_ends() -> bytes:
    """Return a zip whose comment is another zip: some programs see one, some the other."""
    one, two = zipped([("a.txt", b"other")]), zipped([("b.txt", HARMLESS)])
    return one[:-2] + struct.pack("<H", len(two)) + two


def tarred(members: Iterable[tarfile.TarInfo], form: int = tarfile.PAX_FORMAT) -> bytes:
    """Return a tar of empty members and the harmless one."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        harmless = tarfile.TarInfo("a.txt")
        harmless.size = len(HARMLESS)
        archive.addfile(harmless, io.BytesIO(HARMLESS))
        for member in members:
            archive.addfile(member)
    return out.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", **fields: str) -> tarfile.TarInfo:
    """Return the header of a member."""
    found = tarfile.TarInfo(name)
    found.type, found.linkname, found.pax_headers = kind, target, fields
    return found


def backwards() -> bytes:
    """Return a tar whose second member has a negative size."""
    data = bytearray(tarred([member("b.txt")], tarfile.GNU_FORMAT))
    data[1024 + 124 : 1024 + 136] = b"\xff" * 11 + b"\x00"
    data[1024 + 148 : 1024 + 156] = b" " * 8
    data[1024 + 148 : 1024 + 156] = b"%06o\0 " % sum(data[1024:1536])
    return bytes(data)


def headers_only() -> bytes:
    """Return a tar of 20,000 extended headers, each for the next."""
    one = tarred([member("b.txt", tarfile.REGTYPE, "", comment="x" * 200)])
    return one[:1024] + one[1024:2048] * 20_000 + one[1024:]


def _gz(levels: int) -> bytes:
    data = HARMLESS
    for _ in range(levels):
        data = gzip.compress(data)
    return data


def _sevens(levels: int) -> bytes:
    data = seven({"a.txt": HARMLESS})
    for _ in range(levels):
        data = seven({"z.7z": data, "a.txt": HARMLESS})
    return data


SPARSE = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(1 << 45)}

CASES = [
    Case("zip tree bomb", tree_bomb, ("archive_limit",), canary=CANARY),
    Case("zip bomb", lambda: zipped([("b", bytes(80 << 20)), ("a.txt", HARMLESS)]), ("archive_limit",), canary=CANARY),
    Case("zip of many below the ratio", many_small, ("archive_limit", "unsupported"), canary=CANARY),
    Case("zip 15 deep", lambda: nested(15), ("archive_limit",), canary=CANARY),
    Case("zip overlapping", overlapping, ("corrupted",)),
    Case("zip size too small", lambda: changed(zipped([("a", b"x" * 9000)]), 24, "<I", 9), ("corrupted",)),
    Case("zip size too large", lambda: changed(zipped([("a", b"x" * 9000)]), 24, "<I", 9_001), ("corrupted",)),
    Case("zip size absurd", lambda: changed(zipped([("a", b"x" * 9000)]), 24, "<I", 0xFFFFFFF0), ("archive_limit",)),
    Case("zip packed size absurd", lambda: changed(zipped([("a", b"x")]), 20, "<I", 0x7FFFFFF0), ("corrupted",)),
    Case("zip offset absurd", lambda: changed(zipped([("a", b"x")]), 42, "<I", 0x7FFFFFF0), ("corrupted",)),
    Case("zip slip", lambda: zipped([("../../../tmp/prescan-slip.txt", HARMLESS)]), canary=CANARY),
    Case("zip with two ends", two_ends, ("corrupted",), canary=CANARY),
    Case("zip behind a zip", lambda: zipped([("b", b"x")]) + zipped([("a", HARMLESS)]), ("corrupted",), canary=CANARY),
    Case("zip of one name", lambda: zipped([("a.txt", b"x"), ("a.txt", HARMLESS)]), canary=CANARY),
    Case("zip of 12,000", lambda: zipped((f"{n}", HARMLESS) for n in range(12_000)), ("archive_limit",), canary=CANARY),
    Case("zip directory of 9 MB", lambda: zipped((f"{n:0900}", b"") for n in range(9_500)), ("archive_limit",)),
    Case("zip names that steer", lambda: zipped([("\x1b[2J\n\u202e../x.txt", HARMLESS)]), canary=CANARY),
    Case("zip folder with content", lambda: zipped([("AAAA.txt", HARMLESS)]).replace(b"AAAA", b"a./\0"), canary=CANARY),
    Case("zip truncated", lambda: zipped([("a.txt", HARMLESS)])[:-40], ("corrupted",)),
    Case("zip encrypted", lambda: changed(zipped([("a.txt", HARMLESS)]), 8, "<H", 1), ("encrypted",)),
    Case("zip empty", lambda: zipped([]), ("empty",)),
    Case("gz bomb", lambda: gzip.compress(bytes(60 << 20), 1), ("archive_limit",)),
    Case("bz2 bomb", lambda: bz2.compress(bytes(60 << 20)), ("archive_limit",)),
    Case("xz bomb", lambda: lzma.compress(bytes(60 << 20), preset=0), ("archive_limit",)),
    Case("gz of 200,000 streams", lambda: gzip.compress(b"") * 200_000 + gzip.compress(HARMLESS), canary=CANARY),
    Case("gz in gz 15 times", lambda: _gz(15), ("archive_limit",)),
    Case("gz truncated", lambda: gzip.compress(HARMLESS * 999)[:-9], ("corrupted",), canary=CANARY),
    Case("7z bomb", lambda: seven({"b": bytes(60 << 20), "a.txt": HARMLESS}), ("archive_limit",), canary=CANARY),
    Case("7z in 7z 15 times", lambda: _sevens(15), ("archive_limit",), canary=CANARY),
    Case("7z truncated", lambda: seven({"a.txt": HARMLESS})[:-20], ("corrupted",)),
    Case("7z of noise", lambda: seven({})[:32] + noise(9000), ("corrupted|empty",)),
    Case("rar of noise", lambda: b"Rar!\x1a\x07\x01\0" + noise(9000), ("corrupted",)),
    Case("old rar of noise", lambda: b"Rar!\x1a\x07\0" + noise(9000), ("corrupted",)),
    Case("cab of noise", lambda: b"MSCF" + bytes(4) + noise(9000), ("unsupported",)),
    Case("tar sparse claim", lambda: tarred([member("s", **SPARSE)]), ("archive_limit",), canary=CANARY),
    Case("tar backwards", backwards, ("corrupted",), canary=CANARY),
    Case("tar of headers", headers_only, ("empty",), canary=CANARY),
    Case("tar link", lambda: tarred([member("l", tarfile.SYMTYPE, "/etc/passwd")]), ("unsupported",), canary=CANARY),
    Case("tar device", lambda: tarred([member("d", tarfile.CHRTYPE)]), ("unsupported",), canary=CANARY),
    Case("tar truncated", lambda: tarred([])[:516], ("corrupted",)),
]
