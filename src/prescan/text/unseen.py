"""Words written in characters that no reader sees, or in an order that is not the one shown.

Tags (U+E0000) stand for ASCII, variation selectors for bytes (Unicode 16, 23.4 and 23.9); both are drawn as nothing.
Overrides of direction show what they enclose from its end. In ordinary text one of them stands alone, if at all: in a
flag, behind a rare character.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.types import PARAGRAPH_BREAK, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Document

#: The characters of the plane of ordinary ones that such words begin with; most texts hold none, and nothing beyond it.
_RARE: Final = tuple("\ufe0f\ufe00\u202d\u202e\u200b\u200c\u200d")
#: In UTF-8, what a text holds that may hold such words.
_SIGNS: Final = (
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


def parted(document: Document) -> Document:
    """Return a document in which each run of such characters is a hidden block of its own; its text stays.

    What they say follows as blocks at the end, but not in a plain text, which stays as it was given.
    """
    if not _may_hold(document.text):
        return document
    blocks: list[Block] = []
    said: list[Block] = []
    for block in document.blocks:
        runs = [] if block.hidden else list(_RUNS.finditer(block.text))
        blocks += _pieces(block, runs) if runs else [block]
        said += [_said(run) for run in runs]
    told = [] if document.media_type == _PLAIN else [block for block in said if block.text]
    if told:
        blocks[-1] = replace(blocks[-1], sep=PARAGRAPH_BREAK)
        told[-1] = replace(told[-1], sep="")
    return replace(document, blocks=(*blocks, *told))


def is_unseen(text: str) -> bool:
    """Tell whether a text is nothing but a run of such characters."""
    return _RUNS.fullmatch(text) is not None


def _may_hold(text: str) -> bool:
    if text.isascii():
        return False
    ordinary = len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text)
    if ordinary and not any(map(text.__contains__, _RARE)):
        return False
    written = text.encode("utf-8", "replace")
    return any(sign in written for sign in _SIGNS)


def _pieces(block: Block, runs: list[re.Match[str]]) -> Iterator[Block]:
    """Yield what stands between the runs, and these as hidden; the last has the block's separator."""
    at = 0
    pieces: list[Block] = []
    for run in runs:
        hidden = Location("hidden", *(getattr(block.location, name) for name in _PLACES))
        pieces.append(replace(block, text=block.text[at : run.start()], sep=""))
        note = _NOTES[str(run.lastgroup)]
        pieces.append(replace(block, text=run[0], location=hidden, sep="", hidden="hidden_text", note=note))
        at = run.end()
    pieces.append(replace(block, text=block.text[at:], sep=""))
    held = [piece for piece in pieces if piece.text]
    yield from held[:-1]
    yield replace(held[-1], sep=block.sep)


def _said(run: re.Match[str]) -> Block:
    """Return what a run says; nothing where nobody can tell."""
    kind, text = str(run.lastgroup), ""
    if kind == "tags":
        text = "".join(chr(ord(character) - _TAG) for character in run[0].rstrip("\U000e007f"))
    elif kind == "selectors":
        codes = map(ord, run[0])
        held = bytes(code - _FIRST if code < _TAG else code - _FURTHER + _SIXTEEN for code in codes)
        text = held.decode("utf-8", "ignore")
    elif kind == "turned":
        text = run[0].strip("\u202c\u202d\u202e")[::-1]
    shown = "".join(character for character in text if character.isprintable())
    return Block(shown, Location("hidden"), PARAGRAPH_BREAK, "hidden_text", _NOTES[kind])
