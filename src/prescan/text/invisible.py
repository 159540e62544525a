"""Finds text written in invisible characters, or stored in another order than it is shown.

Tags (U+E0000) can encode ASCII, variation selectors bytes (Unicode 16, 23.4 and 23.9); neither is drawn. Direction
overrides show the enclosed text backwards. Ordinary text has at most single ones, in a flag or after a rare character.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.types import PARAGRAPH_BREAK, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Document

#: Characters of the basic plane with which such runs begin. Most texts have none, and no characters beyond that plane.
_RARE: Final = tuple("\ufe0f\ufe00\u202d\u202e\u200b\u200c\u200d")
#: Parts of every such run, in UTF-8.
_PARTS_OF_RUNS: Final = (
    *(b"\xf3\xa0", b"\xef\xb8\x8f", b"\xef\xb8\x80", b"\xe2\x80\xad", b"\xe2\x80\xae"),
    *(b"\xe2\x80\x8b\xe2", b"\xe2\x80\x8c\xe2", b"\xe2\x80\x8d\xe2"),
)
_TAGS, _SELECTORS = "\U000e0020-\U000e007e", "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_JOINERS: Final = "\u200b-\u200d\u2060-\u2064\ufeff"
_RUNS: Final = re.compile(
    rf"(?P<tags>(?<![\U0001f3f4{_TAGS}])[{_TAGS}]{{3,}}\U000e007f?)|(?P<selectors>[{_SELECTORS}]{{3,}})"
    rf"|(?P<joiners>[{_JOINERS}]{{16,}})|(?P<turned>[\u202d\u202e][^\u202c-\u202e\n]{{4,400}}\u202c?)"
)
_NOTES: Final = {
    "tags": "用不可见的字符写成的文字",
    "selectors": "用不可见的字符写成的文字",
    "joiners": "连续的不可见字符",
    "turned": "用控制字符改变了显示顺序的文字",
}
_PLACES: Final = ("page", "paragraph", "cell", "bbox", "member")
_PLAIN: Final = "text/plain"
_TAG, _FIRST, _FURTHER, _SIXTEEN = 0xE0000, 0xFE00, 0xE0100, 16


def split_invisible(document: Document) -> Document:
    """Return a document in which each run of such characters is a hidden block; the text of the runs does not change.

    The decoded runs are added as blocks at the end, except in plain text, which must keep its text.
    """
    if not _may_have_runs(document.text):
        return document
    blocks: list[Block] = []
    decoded: list[Block] = []
    for block in document.blocks:
        runs = [] if block.hidden else list(_RUNS.finditer(block.text))
        blocks += _pieces(block, runs) if runs else [block]
        decoded += [_decoded(run) for run in runs]
    added = [] if document.media_type == _PLAIN else [block for block in decoded if block.text]
    if added:
        blocks[-1] = replace(blocks[-1], sep=PARAGRAPH_BREAK)
        added[-1] = replace(added[-1], sep="")
    return replace(document, blocks=(*blocks, *added))


def is_invisible(text: str) -> bool:
    """Return whether a text is exactly one run of such characters."""
    return _RUNS.fullmatch(text) is not None


def _may_have_runs(text: str) -> bool:
    if text.isascii():
        return False
    ordinary = len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text)
    if ordinary and not any(map(text.__contains__, _RARE)):
        return False
    written = text.encode("utf-8", "replace")
    return any(part in written for part in _PARTS_OF_RUNS)


def _pieces(block: Block, runs: list[re.Match[str]]) -> Iterator[Block]:
    """Yield the block in pieces: the runs as hidden, and the text between them. The last keeps the separator."""
    at = 0
    pieces: list[Block] = []
    for run in runs:
        hidden = Location("hidden", *(getattr(block.location, name) for name in _PLACES))
        pieces.append(replace(block, text=block.text[at : run.start()], sep=""))
        note = _NOTES[str(run.lastgroup)]
        pieces.append(replace(block, text=run[0], location=hidden, sep="", hidden="hidden_text", note=note))
        at = run.end()
    pieces.append(replace(block, text=block.text[at:], sep=""))
    filled = [piece for piece in pieces if piece.text]
    yield from filled[:-1]
    yield replace(filled[-1], sep=block.sep)


def _decoded(run: re.Match[str]) -> Block:
    """Return the decoded text of a run as a hidden block; empty if it cannot be decoded."""
    kind, text = str(run.lastgroup), ""
    if kind == "tags":
        text = "".join(chr(ord(character) - _TAG) for character in run[0].rstrip("\U000e007f"))
    elif kind == "selectors":
        codes = map(ord, run[0])
        encoded = bytes(code - _FIRST if code < _TAG else code - _FURTHER + _SIXTEEN for code in codes)
        text = encoded.decode("utf-8", "ignore")
    elif kind == "turned":
        text = run[0].strip("\u202c\u202d\u202e")[::-1]
    printable = "".join(character for character in text if character.isprintable())
    return Block(printable, Location("hidden"), PARAGRAPH_BREAK, "hidden_text", _NOTES[kind])
