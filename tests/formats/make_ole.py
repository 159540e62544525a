"""Compound files and what office programs pack into them, made byte by byte: no program here writes them."""

from __future__ import annotations

import struct

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SECTOR, SMALL, CUTOFF = 512, 64, 4096


def compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file: the table in sector 0, then the directory, the small sectors and the streams."""
    table, sectors = [TABLE], [b""]

    def put(content: bytes) -> int:
        pieces = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
        first = len(sectors)
        for number, piece in enumerate(pieces, first + 1):
            sectors.append(piece)
            table.append(number if number < first + len(pieces) else END)
        return first if pieces else END

    small, small_table, entries = b"", [], []
    for name, content in streams.items():
        if len(content) >= CUTOFF:
            entries.append((name, 2, put(content), len(content)))
            continue
        first, count = len(small_table), -(-len(content) // SMALL)
        small += content.ljust(count * SMALL, b"\0")
        small_table += [*range(first + 1, first + count), END] if count else []
        entries.append((name, 2, first, len(content)))
    entries.insert(0, ("Root Entry", 5, put(small), len(small)))
    directory = b""
    for name, kind, first, size in entries:
        encoded = name.encode("utf-16-le") + b"\0\0"
        directory += encoded.ljust(64, b"\0") + struct.pack("<HB", len(encoded), kind)
        directory += bytes(49) + struct.pack("<IQ", first, size)
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


def macros(source: str, project: bool = False) -> bytes:
    """Return a VBA project of one module, behind the bytes it was compiled to; `project` as office programs have it."""
    whole = f'Attribute VB_Name = "模块1"\r\n{source}'
    head = {"_VBA_PROJECT": b"\xcc\x61"} if project else {}
    return compound({**head, "dir": b"\x01\x00", "模块1": bytes(range(200)) + packed(whole)})
