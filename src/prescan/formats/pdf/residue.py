"""What the objects of a PDF say beside all that was read: descriptions, targets, labels, form data, files on no list.

PDFium hands on a part of what annotations, structure and fields hold. No list of the rest is complete, so the strings
outside of the pages' own streams are looked through for what is for people (ISO 32000-2, 7.3.4 and 7.5.7).
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

from prescan.formats.pdf.strings import decoded
from prescan.formats.residue import is_long

if TYPE_CHECKING:
    from collections.abc import Iterator

_STREAM: Final = b"stream"
_ENDSTREAM: Final = b"endstream"
_SEALED: Final = b"/Encrypt"
_PACKED_OBJECTS: Final = re.compile(rb"/Type\s*/ObjStm\b")
_INFLATED_AT_MOST: Final = 32 << 20
_STRING: Final = re.compile(
    rb"\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+)\)|(?<!<)<([0-9A-Fa-f\s]{22,4000}+)>(?!>)", re.DOTALL
)
_KEY: Final = re.compile(rb"/([A-Za-z]+)[\s\[(<]*$")
_KEY_BEFORE: Final = 40
_DATE: Final = re.compile(r"D:[0-9]{4}")
#: Told by those who read them: scripts by their words; the others are keys of programs.
_NOT_FOR_PEOPLE: Final = frozenset({"JS", "ID", "Contents", "Producer", "Creator", "DA", "Cert"})
_WHERE: Final = {
    **dict.fromkeys(("Alt", "ActualText", "E"), "替代文字"),
    **dict.fromkeys(("URI", "F", "UF", "Dest", "D"), "链接或文件的地址"),
    **dict.fromkeys(("RC", "Subj", "OverlayText", "T", "TU", "DV", "V", "Opt", "CA"), "注释或表单的内部数据"),
    "P": "页码标签",
    "Title": "书签",
}
_ELSEWHERE: Final = "文件内部的数据"
_FILE: Final = re.compile(rb"/EF\s*<<\s*/U?F\s+([0-9]{1,9})\s+[0-9]{1,5}\s+R")
_FORM: Final = re.compile(rb"/XFA\s*(\[[^\]]{0,4000}\]|[0-9]{1,9}\s+[0-9]{1,5}\s+R)")
_REFERENCE: Final = re.compile(rb"([0-9]{1,9})\s+[0-9]{1,5}\s+R")
_FILES_AT_MOST: Final = 100


class Objects:
    """The objects of a file as text: what stands outside of streams, and the streams that pack objects."""

    def __init__(self, data: bytes) -> None:
        """Take the bytes of a file; of an encrypted one nothing can be read."""
        self._data = data
        self._pieces = [] if _SEALED in data else list(_pieces(data))

    @property
    def say_more(self) -> bool:
        """Whether there is a form written in XFA, or a string that is for people."""
        return any(map(_FORM.search, self._pieces)) or next(self.strings(), None) is not None

    def strings(self) -> Iterator[tuple[str, str]]:
        """Yield the strings that are for people, each once, with where it stands in a reviewer's words."""
        seen: set[str] = set()
        for piece in self._pieces:
            for found in _STRING.finditer(piece):
                text = decoded(found[1], found[2]).strip("\0 \r\n")
                if not is_long(text) or _DATE.match(text) or text in seen:
                    continue
                seen.add(text)
                key = _KEY.search(piece, max(0, found.start() - _KEY_BEFORE), found.start())
                name = key[1].decode() if key else ""
                if name not in _NOT_FOR_PEOPLE:
                    yield text, _WHERE.get(name, _ELSEWHERE)

    def files(self, most: int) -> Iterator[bytes]:
        """Yield the files that some object holds, none longer than `most`."""
        numbers = dict.fromkeys(found[1] for piece in self._pieces for found in _FILE.finditer(piece))
        for number, _ in zip(numbers, range(_FILES_AT_MOST), strict=False):
            content = self._stream(number, most)
            if content:
                yield content

    def form(self, most: int) -> Iterator[bytes]:
        """Yield the parts of a form written in XFA (deprecated, but offices still fill such forms in)."""
        for piece in self._pieces:
            for listed in _FORM.finditer(piece):
                for found in _REFERENCE.finditer(listed[1]):
                    if content := self._stream(found[1], most):
                        yield content

    def _stream(self, number: bytes, most: int) -> bytes:
        """Return the content of a stream by its number; of several versions the last. Nothing if it is not plain."""
        found = None
        for found in re.finditer(rb"(?<![0-9])%b\s+[0-9]{1,5}\s+obj\b" % number, self._data):  # noqa: B007
            pass
        begin = self._data.find(_STREAM, found.end()) if found else -1
        if found is None or begin < 0 or b"endobj" in self._data[found.end() : begin]:
            return b""
        content = _content(self._data, begin, most)
        return content if b"/Filter" not in self._data[found.end() : begin] else _inflated(content, most)


def _pieces(data: bytes) -> Iterator[bytes]:
    """Yield what stands outside of streams, and what those hold that pack objects."""
    at, left = 0, _INFLATED_AT_MOST
    while (begin := data.find(_STREAM, at)) >= 0:
        piece = data[at:begin]
        yield piece
        if _PACKED_OBJECTS.search(piece, max(0, piece.rfind(b"obj"))):
            unpacked = _inflated(_content(data, begin, left), left)
            left -= len(unpacked)
            yield unpacked
        end = data.find(_ENDSTREAM, begin)
        if end < 0:
            return
        at = end + len(_ENDSTREAM)
    yield data[at:]


def _content(data: bytes, begin: int, most: int) -> bytes:
    start = begin + len(_STREAM)
    start += 2 if data[start : start + 2] == b"\r\n" else 1
    end = data.find(_ENDSTREAM, start)
    return data[start : min(end if end >= 0 else len(data), start + most)]


def _inflated(content: bytes, most: int) -> bytes:
    """Return what Flate unpacks, as far as it is undamaged."""
    try:
        return zlib.decompressobj().decompress(content, max(1, most))
    except zlib.error:
        return b""
