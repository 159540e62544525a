"""Searches all bytes of a file, decompressed, for values: the last check of a redacted copy, independent of readers."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any, Final

from prescan.text.keywords import Keywords

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

_MIN_BYTES: Final = 6
"""Shorter byte strings occur by chance, in a compressed picture or a font."""
_TAGS: Final = re.compile(rb"<[^<>]*+>")
_HEX: Final = re.compile(rb"<([0-9A-Fa-f\s]{12,})>")
_ESCAPED: Final = re.compile(rb"\\([0-7]{3}|[nrtbf()\\])")
_NAMED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def search(data: bytes, values: list[Any], limits: Limits) -> tuple[dict[str, Any], bytes]:  # noqa: ARG001
    """Return, as `found`, the indices of those `values` that still occur anywhere in the file.

    No limits apply: a rewriter has just made the file, within the limits of its source.
    """
    encodings = [(index, encoded) for index, value in enumerate(values) for encoded in _encodings(value)]
    # Latin-1 maps bytes to characters one to one, so that all values are searched in one pass over text.
    keywords = Keywords([encoded.decode("latin-1") for _, encoded in encodings])
    found = {encodings[hit][0] for piece in _pieces(data) for hit, _, _ in keywords.find(piece.decode("latin-1"))}
    return {"found": sorted(found)}, b""


def _encodings(value: str) -> Iterator[bytes]:
    """Yield the byte strings by which a value may be written in a file."""
    plain = "".join(value.split())
    codecs = ("utf-8", "utf-16-be", "utf-16-le", "gb18030")
    encoded = dict.fromkeys(text.encode(codec, "replace") for text in (value, plain) for codec in codecs)
    yield from (one for one in encoded if len(one) >= _MIN_BYTES)


def _pieces(data: bytes) -> Iterator[bytes]:
    """Yield the file and everything that is compressed in it."""
    yield data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                yield content
                if name.endswith((".xml", ".rels")):
                    yield _TAGS.sub(b"", content)  # a value may be split over several runs
    elif data.startswith(b"%PDF"):
        yield from _pdf(data)


def _pdf(data: bytes) -> Iterator[bytes]:
    """Yield the decoded streams of a PDF, and its strings with their escapes resolved."""
    from pypdf import PdfReader  # noqa: PLC0415  slow to import
    from pypdf.generic import StreamObject  # noqa: PLC0415

    from prescan.formats.pdf.fonts import entry  # noqa: PLC0415

    yield from _strings(data)
    reader = PdfReader(io.BytesIO(data))
    for number in {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm):
        pdf_object = reader.get_object(number)
        if not isinstance(pdf_object, StreamObject):
            yield from _strings(repr(pdf_object).encode("utf-8", "surrogatepass"))
        elif entry(pdf_object, "/Subtype") != "/Image" and "/Length1" not in pdf_object:
            content = pdf_object.get_data()
            yield content
            yield from _strings(content)


def _strings(content: bytes) -> Iterator[bytes]:
    yield _ESCAPED.sub(_unescaped, content)
    for encoded in _HEX.findall(content):
        digits = b"".join(encoded.split())
        yield bytes.fromhex(digits[: len(digits) & ~1].decode())


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 0xFF]) if code[:1].isdigit() else _NAMED.get(code, code)
