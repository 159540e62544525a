"""Plain text: find the encoding, keep every character, give one block a line.

csv, tsv and md are plain text too: nothing in them is moved or dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats.quick import new_block, paragraph, paragraphs
from prescan.types import Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

#: Longest first: the mark of UTF-32 LE begins with that of UTF-16 LE.
BOMS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
MARKS: Final = tuple(bom for bom, _ in BOMS)
_WIDE: Final = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_SAMPLE: Final = 4096

#: Declared charsets that are believed. Single-byte ones decode anything, so they would hide a lying page.
_DECLARED: Final = {
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "gb18030", "hz-gb-2312"), "gb18030"),
    **{name: name for name in ("big5", "big5-hkscs", "shift_jis", "euc-jp", "euc-kr")},
}

#: Big5 as Windows and as Hong Kong write it.
_BIG5: Final = ("cp950", "big5hkscs")
_HANZI: Final = re.compile("[\u3400-\u9fff\ue000-\uf8ff]")
#: Lead bytes of the characters in daily use: level 1 of GB 2312 and of Big5. Nearly all of a true text is in them.
_COMMON: Final = {"gb18030": range(0xB0, 0xD8), "big5": range(0xA4, 0xC7)}
_FEW_COMMON: Final = 0.7
_MOSTLY_COMMON: Final = 0.9

_LINE_END: Final = re.compile("(\r\n|[\n\r\u2028\u2029])")
_UNUSUAL: Final = re.compile(
    "[^\t\n\r -~\u00a0-\u00ff\u2010-\u203f\u2460-\u24ff\u2500-\u26ff\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
)
_CONTROL: Final = re.compile("[\0-\x08\x0e-\x19\x1c-\x1f]")
_VISIBLE: Final = re.compile(r"[^\s\0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:  # noqa: ARG001 (the caller checks the size)
    """Yield one block a line, then an Unread if bytes could not be decoded. Raises ReadError("empty")."""
    text, lossy = decode(data)
    if not has_visible(text):
        raise ReadError("empty")
    yield from lines(text)
    if lossy:
        yield lost_characters(text)


def lines(text: str) -> Iterator[Block]:
    """Return one block a line; the line end as written is its separator, so nothing is added or dropped."""
    if "\r" in text or "\u2028" in text or "\u2029" in text:
        pieces = _LINE_END.split(text)
        return _numbered(pieces[::2], [*pieces[1::2], ""])
    held = text.split("\n")
    ends = [*["\n"] * (len(held) - 1), ""]
    if not held[-1]:
        held.pop()
        ends.pop()
    if "" in held or any(map(str.isspace, held)):
        return _numbered(held, ends)
    return map(new_block, held, paragraphs(range(1, len(held) + 1)), ends)  # each line has a number of its own


def _numbered(held: list[str], ends: list[str]) -> Iterator[Block]:
    """Yield a block for each line; blank lines have the number of the line before."""
    number = 0
    at = Location("body")
    for line, end in zip(held, ends, strict=True):
        if line and not line.isspace():
            number += 1
            at = paragraph(number)
        if line or end:
            yield new_block(line, at, end)


def decode(data: bytes, declared: str = "") -> tuple[str, bool]:
    """Return the text of `data`, and whether some bytes could not be decoded and became U+FFFD.

    Order: byte order mark, UTF-8, UTF-16/32 without a mark, `declared`, Big5 if it is that, GB18030, a guess.
    """
    if (text := utf8(data)) is not None:
        return text, False
    for bom, codec in BOMS if data.startswith(MARKS) else ():
        if data.startswith(bom):
            return _replaced(data[len(bom) :], codec)
    if b"\0" in data[:_SAMPLE]:
        if wide := wide_codec(data):
            return _replaced(data, wide)
        if plain := _strict(data, ("utf-8",)):
            return plain
    believed = _DECLARED.get(declared.strip().lower(), "")
    rest = (codec for codec in (believed, "gb18030") if codec)
    return (
        _damaged(data, "utf-8")
        or (None if believed else _traditional(data))
        or _strict(data, rest, clean=True)
        or _unmarked_wide(data)
        or _damaged(data, believed or "gb18030")
        or _guess(data)
        or min(_replaced(data, "utf-8"), _replaced(data, believed or "gb18030"), key=_lost)
    )


def utf8(data: bytes) -> str | None:
    """Return the text of data that are UTF-8 without a mark or zero bytes at the beginning, as most are; else None."""
    if data.startswith(MARKS) or b"\0" in data[:_SAMPLE]:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def wide_codec(data: bytes) -> str | None:
    """Return the codec if `data` looks like UTF-16 or UTF-32 without a mark, judged by its first characters.

    Pairs of ASCII letters read as UTF-16 are Chinese characters too, so mostly printable ASCII is never wide.
    """
    sample = data[:_SAMPLE]
    if not sample or sum(0x20 <= byte < 0x7F for byte in sample) > 0.75 * len(sample):
        return None
    for codec in _WIDE:
        width = int(codec[4:6]) // 8
        if len(data) % width:
            continue
        text = sample.decode(codec, "replace")
        if len(text) >= len(sample) // width * 0.9 and len(_UNUSUAL.findall(text)) <= 0.1 * len(text):
            return codec
    return None


def has_visible(text: str) -> bool:
    """Return whether `text` holds a character that shows."""
    return _VISIBLE.search(text) is not None


def lost_characters(text: str) -> Unread:
    """Return the Unread of a text in which U+FFFD stands for bytes that could not be decoded."""
    count = text.count("\ufffd")
    return Unread.of("", "corrupted", f"有 {count} 处字符无法识别，其余已读；请用原软件打开并另存为 UTF-8 后重扫")


def _strict(data: bytes, codecs: Iterator[str] | tuple[str, ...], *, clean: bool = False) -> tuple[str, bool] | None:
    """Decode with the first codec that takes every byte and, if `clean`, gives no control characters."""
    for codec in codecs:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if not clean or not _CONTROL.search(text):
            return text, False
    return None


def _traditional(data: bytes) -> tuple[str, bool] | None:
    """Decode Big5, which GB18030 takes too: as one text has common characters, as the other rare ones."""
    as_gb = data[:_SAMPLE].decode("gb18030", "ignore")
    if _common_share(as_gb, "gb18030") >= _FEW_COMMON:
        return None
    told = _strict(data, _BIG5, clean=True)
    return told if told and _common_share(told[0][:_SAMPLE], "big5") >= _MOSTLY_COMMON else None


def _common_share(text: str, codec: str) -> float:
    """Return how many of a text's Chinese characters are in daily use; 1 if it has none."""
    leads = [character.encode(codec, "replace")[0] for character in _HANZI.findall(text)]
    return sum(lead in _COMMON[codec] for lead in leads) / len(leads) if leads else 1.0


def _damaged(data: bytes, codec: str) -> tuple[str, bool] | None:
    """Decode text with a few bad bytes: another codec may take them all by accident, and every word would be wrong."""
    text, lossy = _replaced(data, codec)
    foreign = len(text) - sum(map(text.count, map(chr, range(128)))) if lossy else 0
    return (text, True) if lossy and _lost((text, lossy)) * 10 <= foreign else None


def _unmarked_wide(data: bytes) -> tuple[str, bool] | None:
    """Decode UTF-16 that holds Chinese only, and so no zero bytes."""
    codec = wide_codec(data)
    return _replaced(data, codec) if codec else None


def _guess(data: bytes) -> tuple[str, bool] | None:
    """Decode with the codec chardet names, if it takes every byte."""
    import chardet  # noqa: PLC0415 (slow to import and seldom needed)

    codec = chardet.detect(data[: 16 * _SAMPLE])["encoding"]
    try:
        return _strict(data, (codec,), clean=True) if codec else None
    except LookupError:
        return None


def _replaced(data: bytes, codec: str) -> tuple[str, bool]:
    """Decode, with U+FFFD for bytes that are not text in `codec`."""
    try:
        return data.decode(codec), False
    except UnicodeDecodeError:
        return data.decode(codec, "replace"), True


def _lost(decoded: tuple[str, bool]) -> int:
    """Return how many characters were lost."""
    return decoded[0].count("\ufffd")
