"""Pages and streams of a PDF that nothing refers to: templates, and pages taken out of the page tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_PAGE: Final = re.compile(rb"/Type\s*/(?:Page|Template)\b")
_TEMPLATE: Final = re.compile(rb"/Type\s*/Template\b")
_KIDS: Final = re.compile(rb"/Kids\s*\[([^\]]*)\]")
_ROOT: Final = re.compile(rb"/Pages\s+([0-9]{1,9})\s+[0-9]{1,5}\s+R")
REFERENCE: Final = re.compile(rb"([0-9]{1,9})\s+[0-9]{1,5}\s+R")
_OBJECT_HEADER: Final = re.compile(rb"([0-9]{1,9})\s+([0-9]{1,5})\s+$")
_NUMBER_BEFORE: Final = 40
_LONGEST: Final = 20_000


def unlisted_pages(pieces: Sequence[bytes]) -> tuple[list[bytes], bytes]:
    """Return the bodies of pages that no page tree lists, and a reference to a page that is listed (or b"").

    `pieces`: the file without its streams.
    """
    listed = _listed(pieces)
    unlisted: dict[bytes, bytes] = {}
    first = b""
    for piece in pieces:
        for found in _PAGE.finditer(piece):
            header, begin = _object(piece, found.start())
            if header and header[1] in listed:
                first = first or b"%b %b R" % header.groups()
            elif header:
                unlisted[header[1]] = _TEMPLATE.sub(
                    b"/Type/Page", piece[begin : begin + _LONGEST].partition(b"endobj")[0]
                )
    return (list(unlisted.values()), first) if first else ([], b"")


def _listed(pieces: Sequence[bytes]) -> set[bytes]:
    """Return the object numbers reachable from all page trees that catalogs name, of all revisions of the file."""
    kids: dict[bytes, list[bytes]] = {}
    for piece in pieces:
        for found in _KIDS.finditer(piece):
            header, _ = _object(piece, found.start())
            if header:
                kids.setdefault(header[1], []).extend(REFERENCE.findall(found[1]))
    waiting = [found[1] for piece in pieces for found in _ROOT.finditer(piece)]
    listed: set[bytes] = set()
    while waiting:
        number = waiting.pop()
        if number not in listed:
            listed.add(number)
            waiting += kids.get(number, ())
    return listed


def _object(piece: bytes, inside: int) -> tuple[re.Match[bytes] | None, int]:
    """Return the header (number, generation) of the object that contains an offset, and where its body begins."""
    begin = piece.rfind(b"obj", 0, inside)
    return (_object_header(piece, begin) if begin >= 0 else None), begin + len(b"obj")


def named_numbers(pieces: Sequence[bytes]) -> frozenset[bytes]:
    """Return the numbers of all objects that are referred to."""
    return frozenset(number for piece in pieces for number in REFERENCE.findall(piece))


def number_of(data: bytes, obj: int) -> bytes:
    """Return the number of the object whose keyword `obj` is at this offset, b"" if none."""
    found = _object_header(data, obj)
    return found[1] if found else b""


def _object_header(data: bytes, obj: int) -> re.Match[bytes] | None:
    return _OBJECT_HEADER.search(data, max(0, obj - _NUMBER_BEFORE), obj)
