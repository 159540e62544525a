"""What the objects of a PDF say beside all that was read: descriptions, targets, labels, form data, files on no list.

PDFium hands on a part of what annotations, structure and fields hold. No list of the rest is complete, so the strings
outside of the pages' own streams are looked through for what is for people (ISO 32000-2, 7.3.4 and 7.5.7).
"""

from __future__ import annotations

import base64
import functools
import re
import zlib
from typing import TYPE_CHECKING, Final

from prescan.formats import binary
from prescan.formats.pdf.apart import REFERENCE, named_numbers, number_of, pages_apart
from prescan.formats.pdf.strings import decoded
from prescan.formats.pdf.undrawn import Drawing, Unlisted, is_content, shows_text
from prescan.formats.residue import has_number_or_sentence
from prescan.formats.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_STREAM: Final = b"stream"
_ENDSTREAM: Final = b"endstream"
_SEALED: Final = b"/Encrypt"
_PACKED_OBJECTS: Final = re.compile(rb"/Type\s*/ObjStm\b")
#: Where the first of packed objects stands, and number and place of each (7.5.7).
_FIRST: Final = re.compile(rb"/First\s+([0-9]{1,9})")
_PAIR: Final = re.compile(rb"([0-9]{1,9})\s+([0-9]{1,9})")
_INFLATED_AT_MOST: Final = 32 << 20
_STRING: Final = re.compile(
    rb"\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+)\)|(?<!<)<([0-9A-Fa-f\s]{22,4000}+)>(?!>)", re.DOTALL
)
_KEY: Final = re.compile(rb"/([A-Za-z]+)[\s\[(<]*$")
_KEY_BEFORE: Final = 40
_DATE: Final = re.compile(r"D:[0-9]{4}")
#: A remark on a page keeps its text where a signature keeps its seal.
_CONTENTS: Final = "Contents"
#: Told by those who read them: scripts by their words; the others are keys of programs.
_NOT_FOR_PEOPLE: Final = frozenset({"JS", "ID", "Producer", "Creator", "DA", "Cert"})
_WHERE: Final = {
    **dict.fromkeys(("Alt", "ActualText", "E"), "替代文字"),
    **dict.fromkeys(("URI", "F", "UF", "Dest", "D"), "链接或文件的地址"),
    _CONTENTS: "注释中的文字",
    **dict.fromkeys(("RC", "Subj", "OverlayText", "T", "TU", "DV", "V", "Opt", "CA"), "注释或表单的内部数据"),
    "P": "页码标签",
    "Title": "书签",
}
_ELSEWHERE: Final = "文件内部的数据"
_FILE: Final = re.compile(rb"/EF\s*<<\s*/U?F\s+([0-9]{1,9})\s+[0-9]{1,5}\s+R")
_FORM: Final = re.compile(rb"/XFA\s*(\[[^\]]{0,4000}\]|[0-9]{1,9}\s+[0-9]{1,5}\s+R)")
_FILES_AT_MOST: Final = 100
_SCRIPT: Final = re.compile(rb"/JS\s+([0-9]{1,9})\s+[0-9]{1,5}\s+R")
#: A soft mask of a graphics state (11.6.5.2).
_MASK: Final = re.compile(rb"/S\s*/(?:Luminosity|Alpha)\b")
#: Streams that draw nothing: pictures, fonts, tables, functions, files, what is told elsewhere.
_NOT_DRAWING: Final = re.compile(
    rb"/Subtype\s*/(?:Image|XML|Type1C|CIDFontType0C|OpenType)|/Length[123]\b|/FunctionType|/ShadingType"
    rb"|/Type\s*/(?:XRef|ObjStm|Metadata|EmbeddedFile|CMap)|/(?:DCT|JPX|JBIG2|CCITTFax)Decode|/CIDSystemInfo"
)
_PACKING: Final = re.compile(rb"/Filter\s*(?:\[\s*)?(/ASCII85Decode\s*)?/FlateDecode\s*(?:\]|/(?!\w*Decode)|>>)")
_ASCII_END: Final = b"~>"
#: What marked content says instead of what it draws (14.9), and what a remark in a stream or between objects says.
_INSTEAD: Final = re.compile(
    rb"/(?:ActualText|Alt|E)\s*(?:\(((?:[^()\\]|\\.)*+)\)|<([0-9A-Fa-f\s]{22,4000}+)>)", re.DOTALL
)
_REMARK: Final = re.compile(rb"(?:\A|[\r\n])[ \t]*%([^\r\n]{11,400})")
_SIGNS: Final = (b"/ActualText", b"/Alt", b"/E", b"%")
#: What a program keeps for itself: a reference, or a dictionary with others in it.
_PRIVATE: Final = re.compile(rb"/Private(?=\s*(?:<<|[0-9]{1,9}\s+[0-9]{1,5}\s+R))")
_BRACKETS: Final = re.compile(rb"<<|>>")
_PRIVATE_AT_MOST: Final = 20_000
#: What leads from a page to all others.
_OF_PAGES: Final = re.compile(rb"/(?:Parent|Kids|Pages)\b")
_SEAL: Final = b"/ByteRange"
_END_OF_FILE: Final = b"%%EOF"
_APART_NOTE: Final = "文件中没有用到的数据"
_PRIVATE_NOTE: Final = "程序随文件保存的数据"
_TAIL_NOTE: Final = "文件末尾附加的数据"
_INSTEAD_NOTE: Final = "替代文字"
_REMARK_NOTE: Final = "代码注释"


class Objects:
    """The objects of a file as text: what stands outside of streams, and the streams that pack objects."""

    def __init__(self, data: bytes) -> None:
        """Take the bytes of a file; of an encrypted one nothing can be read."""
        self._data = data
        self._streams: list[tuple[int, bytes]] = []
        """Where streams begin that may draw something, and what stands before each."""
        self._pieces = [] if _SEALED in data else list(_pieces(data, self._streams))

    @property
    def say_more(self) -> bool:
        """Whether there is a form written in XFA, a string that is for people, or a drawing that shows text."""
        return any(map(_FORM.search, self._pieces)) or next(self.strings(), None) is not None or any(self.unlisted)

    @property
    def mask(self) -> bool:
        """Whether something is drawn through a mask."""
        return any(map(_MASK.search, self._pieces))

    def strings(self) -> Iterator[tuple[str, str]]:
        """Yield the strings that are for people, each once, with where it stands in a reviewer's words."""
        seen: set[str] = set()
        for piece in self._pieces:
            for found in _STRING.finditer(piece):
                text = decoded(found[1], found[2]).strip("\0 \r\n")
                if not has_number_or_sentence(text) or _DATE.match(text) or text in seen:
                    continue
                key = _KEY.search(piece, max(0, found.start() - _KEY_BEFORE), found.start())
                name = key[1].decode() if key else ""
                if name not in _NOT_FOR_PEOPLE and not (name == _CONTENTS and _is_seal(piece, found.start())):
                    seen.add(text)
                    yield text, _WHERE.get(name, _ELSEWHERE)
        yield from (item for item in self._instead[0] if item[0] not in seen)

    @functools.cached_property
    def unlisted(self) -> Unlisted:
        """The forms and patterns that show text, drawn on a page or not, and pages and contents that nothing names."""
        pages, first = pages_apart(self._pieces)
        return Unlisted(self._instead[1], pages, first)

    def scripts(self, most: int) -> Iterator[str]:
        """Yield the scripts that are kept as streams."""
        numbers = dict.fromkeys(found[1] for piece in self._pieces for found in _SCRIPT.finditer(piece))
        for number, _ in zip(numbers, range(_FILES_AT_MOST), strict=False):
            yield decode(self._stream(number, most))[0]

    @functools.cached_property
    def _instead(self) -> tuple[dict[tuple[str, str], None], list[Drawing]]:
        """What streams say beside what they draw, and remarks between objects; only what is for people.

        And the forms and patterns among them that show text.
        """
        found: dict[tuple[str, str], None] = {}
        undrawn: list[Drawing] = []
        for begin, head, content in self._drawings() if self._pieces else ():
            if shows_text(head, content):
                undrawn.append(Drawing(begin, head))
            elif (number := number_of(self._data, begin - len(head))) and number not in self._named:
                if is_content(content):
                    undrawn.append(Drawing(begin, head))
                else:
                    found.update(
                        dict.fromkeys((text, _APART_NOTE) for text in binary.strings(content, has_number_or_sentence))
                    )
            if any(sign in content for sign in _SIGNS):
                texts = (decoded(*one.groups()).strip("\0 \r\n") for one in _INSTEAD.finditer(content))
                found.update(dict.fromkeys((text, _INSTEAD_NOTE) for text in texts if has_number_or_sentence(text)))
                found.update(dict.fromkeys(_remarks(content)))
        for piece in self._pieces:
            found.update(dict.fromkeys(_remarks(piece)))
        tail = self._data[self._data.rfind(_END_OF_FILE) + len(_END_OF_FILE) :] if self._pieces else b""
        told = "\n".join(text for text, _ in found)
        found.update(
            dict.fromkeys(
                (text, _TAIL_NOTE)
                for text in binary.strings(tail, has_number_or_sentence)
                if text.lstrip("% ") not in told
            )
        )
        for content in self._private():
            found.update(
                dict.fromkeys((text, _PRIVATE_NOTE) for text in binary.strings(content, has_number_or_sentence))
            )
        return found, undrawn

    @functools.cached_property
    def _named(self) -> frozenset[bytes]:
        """The numbers of the objects that others refer to."""
        return named_numbers(self._pieces)

    def _private(self) -> Iterator[bytes]:
        """Yield the streams that programs keep for themselves (PieceInfo, 14.5), whatever leads to them."""
        held = [_held(piece, found.end()) for piece in self._pieces for found in _PRIVATE.finditer(piece)]
        numbers = list(dict.fromkeys(number for listed in held for number in REFERENCE.findall(listed)))
        for number in numbers:  # which grows on the way
            yield self._stream(number, _INFLATED_AT_MOST)
            further = dict.fromkeys(REFERENCE.findall(self._plain_object(number)))
            numbers += [one for one in further if one not in numbers][: _FILES_AT_MOST - len(numbers)]

    def _plain_object(self, number: bytes) -> bytes:
        """Return an object that is no stream by its number, of several versions the last, if programs keep such."""
        own = re.compile(rb"(?<![0-9])%b\s+[0-9]{1,5}\s+obj\b" % number)
        begins = ((piece, found.end()) for piece in self._pieces for found in own.finditer(piece))
        held = [piece[at : min(piece.find(b"endobj", at), at + _PRIVATE_AT_MOST)] for piece, at in begins]
        return held[-1] if held and not _OF_PAGES.search(held[-1]) else b""

    def _drawings(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield where the streams begin that may draw something, their heads, and what they hold, unpacked."""
        left = _INFLATED_AT_MOST
        for begin, head in self._streams:
            content = _content(self._data, begin, left)
            if packing := _PACKING.search(head):
                content = _inflated(_plain(content) if packing[1] else content, left)
            elif b"/Filter" in head:
                continue
            left -= len(content)
            if left <= 0:
                return
            yield begin, head, content

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
                for found in REFERENCE.finditer(listed[1]):
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


def _pieces(data: bytes, streams: list[tuple[int, bytes]]) -> Iterator[bytes]:
    """Yield what stands outside of streams, and what those hold that pack objects; note the `streams` that may draw."""
    at, left = 0, _INFLATED_AT_MOST
    while (begin := data.find(_STREAM, at)) >= 0:
        piece = data[at:begin]
        yield piece
        head = piece[max(0, piece.rfind(b"obj")) :]
        if not _NOT_DRAWING.search(head):
            streams.append((begin, head))
        elif _PACKED_OBJECTS.search(head):
            unpacked = _inflated(_content(data, begin, left), left)
            left -= len(unpacked)
            yield _numbered(unpacked, head)
        end = data.find(_ENDSTREAM, begin)
        if end < 0:
            return
        at = end + len(_ENDSTREAM)
    yield data[at:]


def _numbered(unpacked: bytes, head: bytes) -> bytes:
    """Return packed objects as if they were not packed: each with its number, which stands apart in the stream."""
    found = _FIRST.search(head)
    first = int(found[1]) if found else 0
    told = _PAIR.findall(unpacked, 0, first)
    places = [(int(number), first + int(at)) for number, at in told]
    ends = [at for _, at in places[1:]] + [len(unpacked)]
    if not places or any(end < at for (_, at), end in zip(places, ends, strict=True)):  # overlapping ones would grow
        return unpacked
    return b"".join(
        b"%d 0 obj\n%b\nendobj\n" % (number, unpacked[at:end]) for (number, at), end in zip(places, ends, strict=True)
    )


def _held(piece: bytes, at: int) -> bytes:
    """Return the value that begins at `at`: a reference, or a dictionary up to its end."""
    depth, until = 0, at + _PRIVATE_AT_MOST
    for found in _BRACKETS.finditer(piece, at, until):
        depth += 1 if found[0] == b"<<" else -1
        if depth <= 0:
            return piece[at : found.start()]
    return piece[at:until] if depth else piece[at : at + _KEY_BEFORE]


def _is_seal(piece: bytes, at: int) -> bool:
    """Tell whether the object that a string at `at` stands in is a signature."""
    begin, end = piece.rfind(b"obj", 0, at), piece.find(b"endobj", at)
    return _SEAL in piece[max(begin, 0) : end if end >= 0 else len(piece)]


def _remarks(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the remarks in a stream or between objects that are for people; pictures in a stream look like some."""
    for found in _REMARK.finditer(content):
        yield from ((text, _REMARK_NOTE) for text in binary.strings(found[1], has_number_or_sentence))


def _content(data: bytes, begin: int, most: int) -> bytes:
    start = begin + len(_STREAM)
    start += 2 if data[start : start + 2] == b"\r\n" else 1
    end = data.find(_ENDSTREAM, start)
    return data[start : min(end if end >= 0 else len(data), start + most)]


def _plain(content: bytes) -> bytes:
    """Return what is written in ASCII base 85; nothing if it is damaged."""
    try:
        return base64.a85decode(content.partition(_ASCII_END)[0].removeprefix(b"<~"))
    except ValueError:
        return b""


def _inflated(content: bytes, most: int) -> bytes:
    """Return what Flate unpacks, as far as it is undamaged."""
    try:
        return zlib.decompressobj().decompress(content, max(1, most))
    except zlib.error:
        return b""
