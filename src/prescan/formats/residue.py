"""What the parts of a package still say when everything was read: names, queries, remarks that no page shows.

Programs keep names of bookmarks, shapes, styles and fields, addresses of data sources and the like in attributes of
XML. No list of them is complete, so every part is looked through for what is for people: a long number, a sentence.
"""

from __future__ import annotations

import functools
import html
import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from prescan.formats import binary
from prescan.formats.concealment import Concealment
from prescan.formats.digit_runs import LONG_RUN, digits_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from prescan.formats.zip_directory import PackedPart

_T = TypeVar("_T")

#: Numbers as long as those of people and accounts, not a piece of a key or of a decimal, no flags and no time of day;
#: `id` and `card` in front of one are words.
_NUMBER: Final = re.compile(
    r"(?<![0-9.])(?:(?<![A-Fa-f])|(?<=[G-Zg-z_][A-Fa-f])|(?<=[G-Zg-z_][A-Fa-f]{2}))(?<![0-9A-Fa-f]-)(?![01]+(?![0-9]))"
    r"(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-2][0-9](?:[0-5][0-9]){2}(?:[0-9]{3})?(?![0-9]))"
    r"[0-9]{11,19}[Xx]?(?![0-9A-Fa-f]|[.-][0-9])"
)
#: What LibreOffice calls the lists and the changes of a document.
_OWN_NAME: Final = re.compile(r"(?:list|ct)[0-9]{1,20}")
_FIGURES_AT_LEAST: Final = 3
_SENTENCE: Final = re.compile(r"[\u3400-\u9fff]{10}")
#: Only values with a long row of digits, a character beyond ASCII or a reference to one: most have neither.
_PLAIN: Final = rb"[^\"'<>0-9&\x80-\xff]*+"
_MAY_TELL: Final = rb"(?=" + _PLAIN + rb"(?:(?:[0-9]{1,10}+(?![0-9])|[\"'])" + _PLAIN + rb")*+[0-9&\x80-\xff])"
_ATTRIBUTE: Final = re.compile(rb'="' + _MAY_TELL.replace(rb"|[\"']", rb"|'") + rb'([^"<>]{11,4000})"')
_QUOTED: Final = re.compile(rb"='" + _MAY_TELL.replace(rb"|[\"']", rb'|"') + rb"([^'<>]{11,4000})'")
_QUOTE: Final = b"='"
_REMARK: Final = re.compile(rb"<!--(.{4,4000}?)-->", re.DOTALL)
_TEXT: Final = re.compile(rb">" + _MAY_TELL + rb"([^<>]{11,4000})<")
_LONGEST: Final = 4_000
_COMMENT_OPENS: Final = b"<!--"
#: What a field keeps for itself, as base64, and the readings above the text of a cell.
_FIELD_DATA: Final = re.compile(rb"<w:fldData[^<>]*>([^<>]+)<")
_READING: Final = re.compile(rb"<rPh[^<>]*>\s*<t[^<>]*>([^<>]+)<")
_FIELD, _ABOVE = b"fldData", b"<rPh"
#: Settings of a printer in an OpenDocument file.
_PACKED_SETUP: Final = b"base64Binary"
_SETUP: Final = re.compile(rb'base64Binary"[^<>]*>([A-Za-z0-9+/=\s]{11,})<')
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_BYTES: Final = 22
_SETUP_NOTE: Final = "打印等程序设置"
#: Where a text lay, in a reader's words, by the name of the part.
_WHERE: Final = (
    ("styles.xml", "样式的名称"),
    ("numbering.xml", "自动编号的文字"),
    ("settings.xml", "文档设置"),
    ("people.xml", "批注者信息"),
    ("authors.xml", "批注者信息"),
    ("person.xml", "批注者信息"),
    (".rels", "外部链接的地址"),
    ("app.xml", "文件属性"),
    ("custom.xml", "文件属性"),
    ("meta.xml", "文件属性"),
    ("manifest.rdf", "文件属性"),
    (".bin", _SETUP_NOTE),
)
_BINARY: Final = ".bin"
_REMARK_NOTE: Final = "代码注释"
_ARCHIVE_NOTE: Final = "压缩包注释"
_FIELD_NOTE: Final = "域的内部数据"
_ABOVE_NOTE: Final = "注音"
_NAME_NOTE: Final = "内部文件的名称"
_ELSEWHERE: Final = "随文件保存的数据"
#: Above this a part, as it lies in the file, is not kept to be compared with those of other documents.
_SHARED_BYTES: Final = 1 << 16
#: Parts, as they lie in a file, that say nothing; so many of them are kept, which is some megabytes.
_SILENT: Final[set[PackedPart]] = set()
_MOST_SILENT: Final = 200


def is_long(text: str) -> bool:
    """Tell whether a text among a program's own is for people: a long number or a sentence."""
    return _has_number(text) or _SENTENCE.search(text) is not None


def has_more(text: str, said: str) -> bool:
    """Tell whether a text holds a number or a sentence that was not said, be it in other words."""
    return any(found[0] not in said for found in _NUMBER.finditer(text)) or _SENTENCE.search(text) is not None


@functools.lru_cache(maxsize=64)
def any_long(names: str) -> bool:
    """Tell whether any of the names of parts is long. Most documents have much the same parts."""
    return is_long(names)


def _has_number(text: str) -> bool:
    """Tell whether a text holds a long number; 11111121111 is a style or a row of flags."""
    return any(len(set(found[0])) >= _FIGURES_AT_LEAST for found in _NUMBER.finditer(text))


class Residue:
    """Gathers texts while parts are read; what was told in the meantime is no residue."""

    def __init__(self) -> None:
        """Nothing is found yet."""
        self.found: dict[str, str] = {}
        """Text → where it lay."""

    def look(self, part: str, content: bytes, *, texts: bool = False) -> None:
        """Look through the markup of a part; `texts`: it was not read, so sentences between the tags count too."""
        self._look_packed(content)
        refers = b"&" in content and b"&#" in content  # one byte is found far faster than two, below too
        if not refers and content.isascii() and LONG_RUN not in digits_in(content):
            return  # no sentence and no long number
        where = _where(part)
        for pattern in (_ATTRIBUTE, _QUOTED) if _QUOTE in content else (_ATTRIBUTE,):
            for found in pattern.finditer(content):
                self._take(found[1], where)
        if b"!" in content and _COMMENT_OPENS in content:
            for found in _REMARK.finditer(content):
                self._take(found[1], _REMARK_NOTE)
        for found in _TEXT.finditer(content) if texts else _numbers_between_tags(content):
            self._take(found[1], where, numbers=not texts)

    def _look_packed(self, content: bytes) -> None:
        """Look through what markup holds as base64, and the readings above the text of cells."""
        if _FIELD in content:
            for found in _FIELD_DATA.finditer(content):
                texts_in = binary.base64_strings(found[1].decode("ascii", "replace"))
                self.found.update(dict.fromkeys(texts_in, _FIELD_NOTE))
        for found in _SETUP.finditer(content) if _PACKED_SETUP in content else ():
            texts_in = binary.base64_strings(found[1].decode("ascii", "replace"), is_long)
            self.found.update(dict.fromkeys(texts_in, _SETUP_NOTE))
        for found in _READING.finditer(content) if _ABOVE in content else ():
            self._take(found[1], _ABOVE_NOTE)

    def look_unread(self, part: str, packed: PackedPart) -> None:
        """Look through a part that nothing asked for, unless the same part said nothing in an earlier document.

        Styles, themes and fonts are those of an office's templates. Only parts without a finding are kept.
        Raises ReadError if the part is damaged.
        """
        if packed in _SILENT:
            return
        inside = Residue()
        if part.lower().endswith(_BINARY):
            found = binary.strings(packed.inflated(), is_long)
            inside.found.update(dict.fromkeys(found, _where(part)))
        else:
            inside.look(part, packed.inflated(), texts=True)
        self.take(inside.found)
        if not inside.found and len(packed.content) <= _SHARED_BYTES:
            if len(_SILENT) >= _MOST_SILENT:
                _SILENT.clear()
            _SILENT.add(packed)

    def take(self, found: Mapping[str, str]) -> None:
        """Take in what was found in a part: text → where it lay."""
        for text, where in found.items():
            self.found.setdefault(text, where)

    def name(self, part: str) -> None:
        """Look at the name of a part."""
        if is_long(part):
            self.found.setdefault(part.rpartition("/")[2], _NAME_NOTE)

    def package(self, data: bytes) -> None:
        """Look at the remark that stands behind a zip."""
        at = data.rfind(_ZIP_END)
        if 0 <= at < len(data) - _ZIP_END_BYTES:
            self._take(data[at + _ZIP_END_BYTES :], _ARCHIVE_NOTE)

    def untold(self, said: Iterable[str]) -> Iterator[tuple[str, Concealment]]:
        """Yield what was found and not said by the document itself."""
        if not self.found:
            return
        told = "\n".join(said)
        for text, where in self.found.items():
            if not text.isspace() and text not in told and has_more(text, told):
                yield text, Concealment("hidden", "hidden_text", where)

    def _take(self, raw: bytes, where: str, *, numbers: bool = False) -> None:
        text = html.unescape(raw.decode("utf-8", "replace")).strip()
        if _OWN_NAME.fullmatch(text):
            return
        if _has_number(text) or (not numbers and _SENTENCE.search(text)):
            self.found.setdefault(text, where)


def ask_once(part: PackedPart, name: str, ask: Callable[[bytes], _T]) -> tuple[_T, dict[str, str]]:
    """Return what `ask` says of a part, and what its markup holds for people (text → where).

    For parts that come from a template: what was said of one is said of all that are the same, byte by byte.
    Raises ReadError if the part is damaged.
    """
    if len(part.content) > _SHARED_BYTES:
        return _looked(part, name, ask)
    said: tuple[_T, dict[str, str]] = _asked(part, name, ask)
    return said


@functools.lru_cache(maxsize=64)
def _asked(part: PackedPart, name: str, ask: Callable[[bytes], Any]) -> tuple[Any, dict[str, str]]:
    return _looked(part, name, ask)


def _looked(part: PackedPart, name: str, ask: Callable[[bytes], _T]) -> tuple[_T, dict[str, str]]:
    content = part.inflated()
    inside = Residue()
    inside.look(name, content)
    return ask(content), inside.found


def _numbers_between_tags(content: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the texts between tags that hold a long row of digits, found without looking at every text."""
    digits = digits_in(content)
    at = digits.find(LONG_RUN)
    while at >= 0:
        tag = content.rfind(b">", max(0, at - _LONGEST), at)
        found = _TEXT.match(content, tag) if tag >= 0 else None
        between = found is not None and found.end() > at  # else the digits stand inside a tag
        if found and between:
            yield found
        at = digits.find(LONG_RUN, found.end() if found and between else at + len(LONG_RUN))


def _where(part: str) -> str:
    lower = part.lower()
    return next((words for end, words in _WHERE if lower.endswith(end)), _ELSEWHERE)
