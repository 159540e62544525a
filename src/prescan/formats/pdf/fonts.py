"""Fonts of a PDF: how the bytes of a string divide into codes, and the width and meaning of each code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TWO_BYTES: Final = re.compile(r"Identity-|UCS2-|UTF16-")
_EIGHT_BIT: Final = re.compile(r"GBK|GB-|GBpc|GBT|B5|ETen|HKscs|RKSJ|KSC")
_SPACE_RANGE: Final = re.compile(rb"begincodespacerange(.*?)endcodespacerange", re.DOTALL)
_CODES: Final = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>")
_MAPPINGS: Final = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_RANGE: Final = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(?:<([0-9A-Fa-f\s]+)>|\[([^\]]*)\])")
_STRING: Final = re.compile(rb"<([0-9A-Fa-f\s]+)>")
_WIDEST_RANGE: Final = 65_536
_SINGLE: Final = frozenset({"/Type1", "/TrueType", "/MMType1"})


def entry(dictionary: Any, key: str, default: Any = None) -> Any:  # noqa: ANN401
    """Return the value of a key in a dictionary, resolving an indirect reference."""
    return dictionary[key].get_object() if key in dictionary else default


class Font:
    """A font as a content stream uses it."""

    def __init__(self, font: Any) -> None:  # noqa: ANN401  a pypdf dictionary
        """`font`: its dictionary."""
        self._font = font
        kind = entry(font, "/Subtype")
        self._descendant = font["/DescendantFonts"][0].get_object() if kind == "/Type0" else None
        encoding = entry(font, "/Encoding")
        self._encoding = str(encoding).removeprefix("/") if isinstance(encoding, str) else ""
        self._ranges = _codespace(encoding.get_data()) if hasattr(encoding, "get_data") else []
        upright = self._encoding.endswith("-V") or (self._descendant is not None and "/W2" in self._descendant)
        #: Whether codes and advances are known well enough to remove some.
        self.usable = (
            not upright
            and (self._descendant is not None or kind in _SINGLE)
            and (self._descendant is None or bool(self._ranges) or _known(self._encoding))
        )
        self._widths = _cid_widths(self._descendant) if self._descendant is not None else {}
        self._meanings: dict[bytes, str] | None = None

    @property
    def single(self) -> bool:
        """Whether each code is one byte, so that word spacing applies to spaces."""
        return self._descendant is None

    def codes(self, data: bytes) -> Iterator[bytes]:
        """Yield the codes in a string."""
        at = 0
        while at < len(data):
            size = self._size(data, at)
            yield data[at : at + size]
            at += size

    def _size(self, data: bytes, at: int) -> int:
        if self._descendant is None:
            return 1
        if self._ranges:
            for size, low, high in self._ranges:
                code = data[at : at + size]
                inside = zip(low, code, high, strict=True) if len(code) == size else ()
                if len(code) == size and all(first <= byte <= last for first, byte, last in inside):
                    return size
            return self._ranges[-1][0]
        if _TWO_BYTES.search(self._encoding):
            return 4 if "UTF16" in self._encoding and 0xD8 <= data[at] < 0xDC else 2
        return 1 if data[at] < 0x81 else 2

    def width(self, code: bytes) -> float | None:
        """Return the advance of a code in thousandths of the size, None if the font does not give it."""
        number = int.from_bytes(code, "big")
        if self._descendant is not None:
            if not self._encoding.startswith("Identity"):
                return None
            return self._widths.get(number, float(entry(self._descendant, "/DW", 1000)))
        widths, first = entry(self._font, "/Widths"), int(entry(self._font, "/FirstChar", 0))
        if widths is None:
            return None
        if 0 <= number - first < len(widths):
            return float(widths[number - first].get_object())
        return float(entry(entry(self._font, "/FontDescriptor", {}), "/MissingWidth", 0))

    def meaning(self, code: bytes) -> str | None:
        """Return the text of a code according to the font's ToUnicode table, None if unknown."""
        if self._meanings is None:
            table = entry(self._font, "/ToUnicode")
            self._meanings = _meanings(table.get_data()) if hasattr(table, "get_data") else {}
        return self._meanings.get(code)


def _known(encoding: str) -> bool:
    return bool(_TWO_BYTES.search(encoding) or _EIGHT_BIT.search(encoding))


def _cid_widths(inner: Any) -> dict[int, float]:  # noqa: ANN401
    """Return the widths listed by a CID font, by CID."""
    widths: dict[int, float] = {}
    listed = [item.get_object() for item in entry(inner, "/W", ())]
    at = 0
    while at + 1 < len(listed):
        first, second = int(listed[at]), listed[at + 1]
        if isinstance(second, list):
            widths.update((first + offset, float(width.get_object())) for offset, width in enumerate(second))
            at += 2
        elif at + 2 < len(listed):
            last = min(int(second), first + _WIDEST_RANGE)
            widths.update(dict.fromkeys(range(first, last + 1), float(listed[at + 2])))
            at += 3
        else:
            break
    return widths


def _codespace(cmap: bytes) -> list[tuple[int, bytes, bytes]]:
    """Return length, lowest and highest code of the code space ranges of an embedded CMap, shortest first."""
    ranges = []
    for block in _SPACE_RANGE.findall(cmap):
        for low, high in _CODES.findall(block):
            first, last = _bytes(low), _bytes(high)
            if len(first) == len(last) and first:
                ranges.append((len(first), first, last))
    return sorted(ranges)


def _meanings(cmap: bytes) -> dict[bytes, str]:
    """Return the meanings of codes in a ToUnicode table."""
    meanings: dict[bytes, str] = {}
    for kind, block in _MAPPINGS.findall(cmap):
        if kind == b"char":
            meanings.update((_bytes(code), _text(text)) for code, text in _CODES.findall(block))
            continue
        for low, high, text, each in _RANGE.findall(block):
            first, last, size = int(low, 16), int(high, 16), len(_bytes(low))
            if each:
                texts = [_text(one) for one in _STRING.findall(each)]
            else:
                start = _text(text)
                count = min(last - first + 1, _WIDEST_RANGE)
                texts = (
                    [start[:-1] + chr(min(ord(start[-1]) + offset, 0x10FFFF)) for offset in range(count)]
                    if start
                    else []
                )
            meanings.update(((first + offset).to_bytes(size, "big"), one) for offset, one in enumerate(texts))
    return meanings


def _bytes(digits: bytes) -> bytes:
    digits_ = b"".join(digits.split())
    return bytes.fromhex((digits_ + b"0" * (len(digits_) % 2)).decode())


def _text(digits: bytes) -> str:
    return _bytes(digits).decode("utf-16-be", "replace")
