"""Compound files and what office programs pack into them, made byte by byte: no program here writes them."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Mapping

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
NONE = 0xFFFFFFFF
SECTOR, SMALL, CUTOFF = 512, 64, 4096


Tree = Mapping[str, "bytes | Tree"]


def compound(streams: Tree) -> bytes:
    """Return a compound file: the table in sector 0, then the directory, the small sectors and the streams.

    What is no bytes is a storage of its own.
    """
    table, sectors = [TABLE], [b""]

    def put(content: bytes) -> int:
        pieces = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
        first = len(sectors)
        for number, piece in enumerate(pieces, first + 1):
            sectors.append(piece)
            table.append(number if number < first + len(pieces) else END)
        return first if pieces else END

    small, small_table, entries = b"", [], [["Root Entry", 5, NONE, NONE, 0, 0]]

    def add(held: Tree) -> int:
        """Add what lies in a storage, each the right neighbour of the one before; return the number of the first."""
        nonlocal small
        numbers = []
        for name, content in held.items():
            numbers.append(len(entries))
            if not isinstance(content, bytes):
                entries.append([name, 1, NONE, NONE, 0, 0])
                entries[numbers[-1]][3] = add(content)
            elif len(content) >= CUTOFF:
                entries.append([name, 2, NONE, NONE, put(content), len(content)])
            else:
                first, count = len(small_table), -(-len(content) // SMALL)
                small += content.ljust(count * SMALL, b"\0")
                small_table.extend([*range(first + 1, first + count), END] if count else [])
                entries.append([name, 2, NONE, NONE, first, len(content)])
        for number, following in itertools.pairwise(numbers):
            entries[number][2] = following
        return numbers[0] if numbers else NONE

    entries[0][3] = add(streams)
    entries[0][4:] = put(small), len(small)
    directory = b""
    for name, kind, right, child, first, size in entries:
        encoded = name.encode("utf-16-le") + b"\0\0"
        directory += encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, NONE, right, child)
        directory += bytes(36) + struct.pack("<IQ", first, size)
    at_directory = put(directory)
    at_small_table = put(struct.pack(f"<{len(small_table)}I", *small_table).ljust(SECTOR, b"\xff"))
    sectors[0] = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    header = MAGIC + bytes(16) + struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, at_directory, 0, CUTOFF,
                                             at_small_table, 1, END, 0, 0)  # fmt: skip
    header = header[:76] + struct.pack("<I", 0) + b"\xff" * 432
    return header + b"".join(sectors)


def native(label: str, content: bytes) -> bytes:
    """Return the stream in which Windows keeps a file that was dragged into a document."""
    path = label.encode("gbk") + b"\0"
    body = b"\x02\0" + path + path + b"\0\0\3\0" + struct.pack("<I", len(path)) + path
    body += struct.pack("<I", len(content)) + content
    return struct.pack("<I", len(body)) + body


def packed(source: str) -> bytes:
    """Return source as a VBA project keeps it: chunks of 4,096 characters, here without any copies in them."""
    data = source.encode("gbk")
    out = b"\x01"
    for start in range(0, len(data), 3600):
        chunk = data[start : start + 3600]
        inside = b"".join(b"\0" + chunk[at : at + 8] for at in range(0, len(chunk), 8))
        out += struct.pack("<H", 0xB000 | len(inside) - 1) + inside
    return out


def mail(texts: Mapping[int, str | bytes], numbers: Mapping[int, int] | None = None, *, codec: str = "", head: int = 32,
         **storages: Tree) -> dict[str, bytes | Tree]:  # fmt: skip
    """Return the storage of a message, a recipient or an annex of Outlook.

    `texts` by the numbers of their properties, in UTF-16 unless there is a `codec`; bytes stay bytes. `numbers` are
    code pages and times (the latter are great). `head`: bytes before them, 32 in a file, 24 in a mail, 8 elsewhere.
    """
    fixed = bytes(head)
    held: dict[str, bytes | Tree] = {}
    for number, value in texts.items():
        kind = "0102" if isinstance(value, bytes) else "001E" if codec else "001F"
        content = value if isinstance(value, bytes) else value.encode(codec or "utf-16-le")
        held[f"__substg1.0_{number:04X}{kind}"] = content
        fixed += struct.pack("<HHIQ", int(kind, 16), number, 6, len(content))
    for number, value in (numbers or {}).items():
        fixed += struct.pack("<HHIQ", 0x0040 if value >> 32 else 0x0003, number, 6, value)
    named = {f"__{kind}_version1.0_#00000000": tree for kind, tree in storages.items() if kind != "object"}
    if "object" in storages:
        named["__substg1.0_3701000D"] = storages["object"]
    return {"__properties_version1.0": fixed, **held, **named}


def macros(source: str, project: bool = False) -> bytes:
    """Return a VBA project of one module, behind the bytes it was compiled to; `project` as office programs have it."""
    whole = f'Attribute VB_Name = "模块1"\r\n{source}'
    head = {"_VBA_PROJECT": b"\xcc\x61"} if project else {}
    return compound({**head, "dir": b"\x01\x00", "模块1": bytes(range(200)) + packed(whole)})
