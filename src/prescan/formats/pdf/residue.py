"""Texts in the objects of a PDF that nothing else reads: descriptions, targets, labels, form data, unlisted files.

PDFium returns only some of the texts of annotations, structure and fields. No list of the others is complete, so all
strings outside page contents are searched for what people write (ISO 32000-2, 7.3.4 and 7.5.7).
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from prescan.formats import binary
from prescan.formats.pdf.streams import ENDSTREAM, STREAM, from_ascii85, inflate, stream_content
from prescan.formats.pdf.strings import decode_string
from prescan.formats.pdf.undrawn import Drawing, Unlisted, is_content, shows_text
from prescan.formats.pdf.unlisted import REFERENCE, named_numbers, number_of, unlisted_pages
from prescan.formats.residue import has_number_or_sentence
from prescan.formats.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENCRYPTED: Final = b"/Encrypt"
_OBJECT_STREAM: Final = re.compile(rb"/Type\s*/ObjStm\b")
#: Offset of the first object in an object stream, and number and offset of each (7.5.7).
_FIRST: Final = re.compile(rb"/First\s+([0-9]{1,9})")
_PAIR: Final = re.compile(rb"([0-9]{1,9})\s+([0-9]{1,9})")
_INFLATED_AT_MOST: Final = 32 << 20
_STRING: Final = re.compile(
    rb"\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+)\)|(?<!<)<([0-9A-Fa-f\s]{22,4000}+)>(?!>)", re.DOTALL
)
_KEY: Final = re.compile(rb"/([A-Za-z]+)[\s\[(<]*$")
_KEY_BEFORE: Final = 40
_DATE: Final = re.compile(r"D:[0-9]{4}")
#: An annotation has its text under the key where a signature has its value.
_CONTENTS: Final = "Contents"
#: Keys read elsewhere (scripts), or whose values are keys of programs.
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
#: Streams that draw nothing: pictures, fonts, tables, functions, files, what is read elsewhere.
_NOT_DRAWING: Final = re.compile(
    rb"/Subtype\s*/(?:Image|XML|Type1C|CIDFontType0C|OpenType)|/Length[123]\b|/FunctionType|/ShadingType"
    rb"|/Type\s*/(?:XRef|ObjStm|Metadata|EmbeddedFile|CMap)|/(?:DCT|JPX|JBIG2|CCITTFax)Decode|/CIDSystemInfo"
)
_PACKING: Final = re.compile(rb"/Filter\s*(?:\[\s*)?(/ASCII85Decode\s*)?/FlateDecode\s*(?:\]|/(?!\w*Decode)|>>)")
#: Alternative texts of marked content (14.9), and comments in streams or between objects.
_ALTERNATIVE_TEXT: Final = re.compile(
    rb"/(?:ActualText|Alt|E)\s*(?:\(((?:[^()\\]|\\.)*+)\)|<([0-9A-Fa-f\s]{22,4000}+)>)", re.DOTALL
)
_COMMENT: Final = re.compile(rb"(?:\A|[\r\n])[ \t]*%([^\r\n]{11,400})")
_SIGNS: Final = (b"/ActualText", b"/Alt", b"/E", b"%")
#: Private data of a program: a reference, or a dictionary with references.
_PRIVATE: Final = re.compile(rb"/Private(?=\s*(?:<<|[0-9]{1,9}\s+[0-9]{1,5}\s+R))")
_BRACKETS: Final = re.compile(rb"<<|>>")
_PRIVATE_AT_MOST: Final = 20_000
#: Keys that lead from a page to all others.
_OF_PAGES: Final = re.compile(rb"/(?:Parent|Kids|Pages)\b")
_SIGNATURE: Final = b"/ByteRange"
_END_OF_FILE: Final = b"%%EOF"
_APART_NOTE: Final = "文件中没有用到的数据"
_PRIVATE_NOTE: Final = "程序随文件保存的数据"
_TAIL_NOTE: Final = "文件末尾附加的数据"
_ALTERNATIVE_NOTE: Final = "替代文字"
_COMMENT_NOTE: Final = "代码注释"


class Objects:
    """The objects of a file as text: everything outside streams, and the content of object streams."""

    def __init__(self, data: bytes) -> None:
        """`data`: the bytes of the file; in an encrypted one nothing can be read."""
        self._data = data
        self._streams: list[tuple[int, bytes]] = []
        """Offset of each stream that may draw something, and what comes before it."""
        self._read_pieces = [] if _ENCRYPTED in data else list(_read_pieces(data, self._streams))

    @property
    def has_more(self) -> bool:
        """Whether there is an XFA form, a string to report, or a drawing that shows text."""
        return any(map(_FORM.search, self._read_pieces)) or next(self.strings(), None) is not None or any(self.unlisted)

    @property
    def has_mask(self) -> bool:
        """Whether something is drawn through a soft mask."""
        return any(map(_MASK.search, self._read_pieces))

    def strings(self) -> Iterator[tuple[str, str]]:
        """Yield the strings to report, each once, with a note in a reviewer's words."""
        seen: set[str] = set()
        for piece in self._read_pieces:
            for found in _STRING.finditer(piece):
                text = decode_string(found[1], found[2]).strip("\0 \r\n")
                if not has_number_or_sentence(text) or _DATE.match(text) or text in seen:
                    continue
                key = _KEY.search(piece, max(0, found.start() - _KEY_BEFORE), found.start())
                name = key[1].decode() if key else ""
                if name not in _NOT_FOR_PEOPLE and not (name == _CONTENTS and _is_signature(piece, found.start())):
                    seen.add(text)
                    yield text, _WHERE.get(name, _ELSEWHERE)
        yield from (item for item in self._unreported[0] if item[0] not in seen)

    @functools.cached_property
    def unlisted(self) -> Unlisted:
        """Forms and patterns that show text, whether drawn or not, and pages and contents that nothing refers to."""
        pages, first = unlisted_pages(self._read_pieces)
        return Unlisted(self._unreported[1], pages, first)

    def scripts(self, most: int) -> Iterator[str]:
        """Yield the scripts that are stored as streams."""
        numbers = dict.fromkeys(found[1] for piece in self._read_pieces for found in _SCRIPT.finditer(piece))
        for number, _ in zip(numbers, range(_FILES_AT_MOST), strict=False):
            yield decode(self._stream(number, most))[0]

    @functools.cached_property
    def _unreported(self) -> tuple[dict[tuple[str, str], None], list[Drawing]]:
        """Texts to report in streams and comments, with their notes; only long numbers and sentences.

        Also the forms and patterns among the streams that show text.
        """
        found: dict[tuple[str, str], None] = {}
        undrawn: list[Drawing] = []
        for begin, head, content in self._drawings() if self._read_pieces else ():
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
                texts = (decode_string(*one.groups()).strip("\0 \r\n") for one in _ALTERNATIVE_TEXT.finditer(content))
                found.update(dict.fromkeys((text, _ALTERNATIVE_NOTE) for text in texts if has_number_or_sentence(text)))
                found.update(dict.fromkeys(_comments(content)))
        for piece in self._read_pieces:
            found.update(dict.fromkeys(_comments(piece)))
        tail = self._data[self._data.rfind(_END_OF_FILE) + len(_END_OF_FILE) :] if self._read_pieces else b""
        listed_ = "\n".join(text for text, _ in found)
        found.update(
            dict.fromkeys(
                (text, _TAIL_NOTE)
                for text in binary.strings(tail, has_number_or_sentence)
                if text.lstrip("% ") not in listed_
            )
        )
        for content in self._private():
            found.update(
                dict.fromkeys((text, _PRIVATE_NOTE) for text in binary.strings(content, has_number_or_sentence))
            )
        return found, undrawn

    @functools.cached_property
    def _named(self) -> frozenset[bytes]:
        """The numbers of all objects that are referred to."""
        return named_numbers(self._read_pieces)

    def _private(self) -> Iterator[bytes]:
        """Yield the streams of private data (PieceInfo, 14.5), also those reached indirectly."""
        held = [_value_at(piece, found.end()) for piece in self._read_pieces for found in _PRIVATE.finditer(piece)]
        numbers = list(dict.fromkeys(number for listed in held for number in REFERENCE.findall(listed)))
        for number in numbers:  # grows during the loop
            yield self._stream(number, _INFLATED_AT_MOST)
            further = dict.fromkeys(REFERENCE.findall(self._plain_object(number)))
            numbers += [one for one in further if one not in numbers][: _FILES_AT_MOST - len(numbers)]

    def _plain_object(self, number: bytes) -> bytes:
        """Return an object, not a stream, by its number, in its last version; b"" if it leads to other pages."""
        own = re.compile(rb"(?<![0-9])%b\s+[0-9]{1,5}\s+obj\b" % number)
        begins = ((piece, found.end()) for piece in self._read_pieces for found in own.finditer(piece))
        held = [piece[at : min(piece.find(b"endobj", at), at + _PRIVATE_AT_MOST)] for piece, at in begins]
        return held[-1] if held and not _OF_PAGES.search(held[-1]) else b""

    def _drawings(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield offset, dictionary and decompressed content of the streams that may draw something."""
        left = _INFLATED_AT_MOST
        for begin, head in self._streams:
            content = stream_content(self._data, begin, left)
            if packing := _PACKING.search(head):
                content = inflate(from_ascii85(content) if packing[1] else content, left)
            elif b"/Filter" in head:
                continue
            left -= len(content)
            if left <= 0:
                return
            yield begin, head, content

    def files(self, most: int) -> Iterator[bytes]:
        """Yield the embedded files, each cut at `most` bytes."""
        numbers = dict.fromkeys(found[1] for piece in self._read_pieces for found in _FILE.finditer(piece))
        for number, _ in zip(numbers, range(_FILES_AT_MOST), strict=False):
            content = self._stream(number, most)
            if content:
                yield content

    def form(self, most: int) -> Iterator[bytes]:
        """Yield the parts of an XFA form (deprecated, but offices still use them)."""
        for piece in self._read_pieces:
            for listed in _FORM.finditer(piece):
                for found in REFERENCE.finditer(listed[1]):
                    if content := self._stream(found[1], most):
                        yield content

    def _stream(self, number: bytes, most: int) -> bytes:
        """Return the content of a stream by its number, in its last version; b"" if it is not plain or Flate."""
        found = None
        for found in re.finditer(rb"(?<![0-9])%b\s+[0-9]{1,5}\s+obj\b" % number, self._data):  # noqa: B007
            pass
        begin = self._data.find(STREAM, found.end()) if found else -1
        if found is None or begin < 0 or b"endobj" in self._data[found.end() : begin]:
            return b""
        content = stream_content(self._data, begin, most)
        return content if b"/Filter" not in self._data[found.end() : begin] else inflate(content, most)


def _read_pieces(data: bytes, streams: list[tuple[int, bytes]]) -> Iterator[bytes]:
    """Yield everything outside streams, and the content of object streams; add the `streams` that may draw."""
    at, left = 0, _INFLATED_AT_MOST
    while (begin := data.find(STREAM, at)) >= 0:
        piece = data[at:begin]
        yield piece
        head = piece[max(0, piece.rfind(b"obj")) :]
        if not _NOT_DRAWING.search(head):
            streams.append((begin, head))
        elif _OBJECT_STREAM.search(head):
            unpacked = inflate(stream_content(data, begin, left), left)
            left -= len(unpacked)
            yield _numbered(unpacked, head)
        end = data.find(ENDSTREAM, begin)
        if end < 0:
            return
        at = end + len(ENDSTREAM)
    yield data[at:]


def _numbered(unpacked: bytes, head: bytes) -> bytes:
    """Return the objects of an object stream as if written directly, each with its number."""
    found = _FIRST.search(head)
    first = int(found[1]) if found else 0
    listed_ = _PAIR.findall(unpacked, 0, first)
    places = [(int(number), first + int(at)) for number, at in listed_]
    ends = [at for _, at in places[1:]] + [len(unpacked)]
    # overlapping ones would multiply the size
    if not places or any(end < at for (_, at), end in zip(places, ends, strict=True)):
        return unpacked
    return b"".join(
        b"%d 0 obj\n%b\nendobj\n" % (number, unpacked[at:end]) for (number, at), end in zip(places, ends, strict=True)
    )


def _value_at(piece: bytes, at: int) -> bytes:
    """Return the value that begins at an offset: a reference, or a dictionary up to its end."""
    depth, until = 0, at + _PRIVATE_AT_MOST
    for found in _BRACKETS.finditer(piece, at, until):
        depth += 1 if found[0] == b"<<" else -1
        if depth <= 0:
            return piece[at : found.start()]
    return piece[at:until] if depth else piece[at : at + _KEY_BEFORE]


def _is_signature(piece: bytes, at: int) -> bool:
    """Return whether the string at an offset is in the object of a signature."""
    begin, end = piece.rfind(b"obj", 0, at), piece.find(b"endobj", at)
    return _SIGNATURE in piece[max(begin, 0) : end if end >= 0 else len(piece)]


def _comments(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the comments to report in a stream or between objects; pictures may contain bytes that look like some."""
    for found in _COMMENT.finditer(content):
        yield from ((text, _COMMENT_NOTE) for text in binary.strings(found[1], has_number_or_sentence))
