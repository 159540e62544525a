"""Pages and streams of a PDF to which nothing leads: templates, what a program took out of the order of pages."""

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
_OWN: Final = re.compile(rb"([0-9]{1,9})\s+([0-9]{1,5})\s+$")
_NUMBER_BEFORE: Final = 40
_LONGEST: Final = 20_000


def pages_apart(pieces: Sequence[bytes]) -> tuple[list[bytes], bytes]:
    """Return the pages that no list of pages leads to, and a reference to one that is listed, or nothing.

    `pieces` are what stands outside of streams; a page is given as what stands in its object.
    """
    listed = _listed(pieces)
    apart: dict[bytes, bytes] = {}
    first = b""
    for piece in pieces:
        for found in _PAGE.finditer(piece):
            own, begin = _object(piece, found.start())
            if own and own[1] in listed:
                first = first or b"%b %b R" % own.groups()
            elif own:
                apart[own[1]] = _TEMPLATE.sub(b"/Type/Page", piece[begin : begin + _LONGEST].partition(b"endobj")[0])
    return (list(apart.values()), first) if first else ([], b"")


def _listed(pieces: Sequence[bytes]) -> set[bytes]:
    """Return the numbers of what the lists of pages lead to, from those that catalogs name; of all states of a file."""
    kids: dict[bytes, list[bytes]] = {}
    for piece in pieces:
        for found in _KIDS.finditer(piece):
            own, _ = _object(piece, found.start())
            if own:
                kids.setdefault(own[1], []).extend(REFERENCE.findall(found[1]))
    waiting = [found[1] for piece in pieces for found in _ROOT.finditer(piece)]
    listed: set[bytes] = set()
    while waiting:
        number = waiting.pop()
        if number not in listed:
            listed.add(number)
            waiting += kids.get(number, ())
    return listed


def _object(piece: bytes, inside: int) -> tuple[re.Match[bytes] | None, int]:
    """Return number and generation of the object that a place is in, and where what it says begins."""
    begin = piece.rfind(b"obj", 0, inside)
    return (_own(piece, begin) if begin >= 0 else None), begin + len(b"obj")


def named_numbers(pieces: Sequence[bytes]) -> frozenset[bytes]:
    """Return the numbers of the objects that others refer to."""
    return frozenset(number for piece in pieces for number in REFERENCE.findall(piece))


def number_of(data: bytes, obj: int) -> bytes:
    """Return the number of the object whose `obj` stands at a place, or nothing."""
    found = _own(data, obj)
    return found[1] if found else b""


def _own(data: bytes, obj: int) -> re.Match[bytes] | None:
    return _OWN.search(data, max(0, obj - _NUMBER_BEFORE), obj)
