"""Texts left in the parts of a package after everything else was read: names, queries, comments that no page shows.

Programs keep names of bookmarks, shapes, styles and fields, addresses of data sources and the like in XML attributes.
No list of them is complete, so every part is searched for what people write: a long number or a sentence.
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

#: Numbers of 11 to 19 digits, as people and accounts have: not part of a key or a decimal, not only 0 and 1, not a
#: timestamp. A letter A–F in front makes it a key, unless it ends a word such as `id` or `card`.
_NUMBER: Final = re.compile(
    r"(?<![0-9.])(?:(?<![A-Fa-f])|(?<=[G-Zg-z_][A-Fa-f])|(?<=[G-Zg-z_][A-Fa-f]{2}))(?<![0-9A-Fa-f]-)(?![01]+(?![0-9]))"
    r"(?!(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-2][0-9](?:[0-5][0-9]){2}(?:[0-9]{3})?(?![0-9]))"
    r"[0-9]{11,19}[Xx]?(?![0-9A-Fa-f]|[.-][0-9])"
)
#: Names that LibreOffice gives to lists and tracked changes.
_LIBREOFFICE_NAME: Final = re.compile(r"(?:list|ct)[0-9]{1,20}")
_MIN_DISTINCT_DIGITS: Final = 3
_SENTENCE: Final = re.compile(r"[\u3400-\u9fff]{10}")
#: Lookahead for values with a long run of digits, a non-ASCII byte or a character reference: most values have none.
_PLAIN: Final = rb"[^\"'<>0-9&\x80-\xff]*+"
_MAY_MATTER: Final = rb"(?=" + _PLAIN + rb"(?:(?:[0-9]{1,10}+(?![0-9])|[\"'])" + _PLAIN + rb")*+[0-9&\x80-\xff])"
_ATTRIBUTE: Final = re.compile(rb'="' + _MAY_MATTER.replace(rb"|[\"']", rb"|'") + rb'([^"<>]{11,4000})"')
_QUOTED: Final = re.compile(rb"='" + _MAY_MATTER.replace(rb"|[\"']", rb'|"') + rb"([^'<>]{11,4000})'")
_QUOTE: Final = b"='"
_COMMENT: Final = re.compile(rb"<!--(.{4,4000}?)-->", re.DOTALL)
_TEXT: Final = re.compile(rb">" + _MAY_MATTER + rb"([^<>]{11,4000})<")
_MAX_CHARS: Final = 4_000
_COMMENT_OPENS: Final = b"<!--"
#: The data of a field, as base64, and the phonetic guide above the text of a cell.
_FIELD_DATA: Final = re.compile(rb"<w:fldData[^<>]*>([^<>]+)<")
_PHONETIC_TEXT: Final = re.compile(rb"<rPh[^<>]*>\s*<t[^<>]*>([^<>]+)<")
_FIELD, _PHONETIC = b"fldData", b"<rPh"
#: Printer settings in an OpenDocument file.
_BASE64_SETUP: Final = b"base64Binary"
_SETUP: Final = re.compile(rb'base64Binary"[^<>]*>([A-Za-z0-9+/=\s]{11,})<')
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_BYTES: Final = 22
_SETUP_NOTE: Final = "打印等程序设置"
#: End of the name of a part → what its texts are, in a reviewer's words.
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
_COMMENT_NOTE: Final = "代码注释"
_ARCHIVE_NOTE: Final = "压缩包注释"
_FIELD_NOTE: Final = "域的内部数据"
_PHONETIC_NOTE: Final = "注音"
_NAME_NOTE: Final = "内部文件的名称"
_ELSEWHERE: Final = "随文件保存的数据"
#: Larger parts (in bytes, as they lie in the file) are not cached across documents.
_MAX_CACHED_BYTES: Final = 1 << 16
#: Cache of parts in which nothing was found, and how many it may hold (some megabytes).
_EMPTY_PARTS: Final[set[PackedPart]] = set()
_MAX_EMPTY_PARTS: Final = 200


def has_number_or_sentence(text: str) -> bool:
    """Return whether a text among a program's data holds a long number or a sentence."""
    return _has_number(text) or _SENTENCE.search(text) is not None


def adds_content(text: str, reported: str) -> bool:
    """Return whether a text holds a sentence, or a long number that does not occur in the `reported` text."""
    return any(found[0] not in reported for found in _NUMBER.finditer(text)) or _SENTENCE.search(text) is not None


@functools.lru_cache(maxsize=64)
def any_has_number_or_sentence(names: str) -> bool:
    """Return whether any of the joined names of parts does. Cached: most documents have much the same parts."""
    return has_number_or_sentence(names)


def _has_number(text: str) -> bool:
    """Return whether a text holds a long number; one like 11111121111 is a style or a row of flags."""
    return any(len(set(found[0])) >= _MIN_DISTINCT_DIGITS for found in _NUMBER.finditer(text))


class Residue:
    """Collects texts from parts while they are read; those that the document itself reports are left out at the end."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self.found: dict[str, str] = {}
        """Text → where it was, in a reviewer's words."""

    def scan_markup(self, part: str, content: bytes, *, texts: bool = False) -> None:
        """Search the markup of a part; `texts`: it was not read otherwise, so search sentences between the tags too."""
        self._scan_base64(content)
        refers = b"&" in content and b"&#" in content  # searching one byte first is far faster
        if not refers and content.isascii() and LONG_RUN not in digits_in(content):
            return  # neither a sentence nor a long number
        where = _where(part)
        for pattern in (_ATTRIBUTE, _QUOTED) if _QUOTE in content else (_ATTRIBUTE,):
            for found in pattern.finditer(content):
                self._add(found[1], where)
        if b"!" in content and _COMMENT_OPENS in content:
            for found in _COMMENT.finditer(content):
                self._add(found[1], _COMMENT_NOTE)
        for found in _TEXT.finditer(content) if texts else _numbers_between_tags(content):
            self._add(found[1], where, numbers=not texts)

    def _scan_base64(self, content: bytes) -> None:
        """Search what markup holds as base64, and the phonetic guides of cells."""
        if _FIELD in content:
            for found in _FIELD_DATA.finditer(content):
                texts_in = binary.base64_strings(found[1].decode("ascii", "replace"))
                self.found.update(dict.fromkeys(texts_in, _FIELD_NOTE))
        for found in _SETUP.finditer(content) if _BASE64_SETUP in content else ():
            texts_in = binary.base64_strings(found[1].decode("ascii", "replace"), has_number_or_sentence)
            self.found.update(dict.fromkeys(texts_in, _SETUP_NOTE))
        for found in _PHONETIC_TEXT.finditer(content) if _PHONETIC in content else ():
            self._add(found[1], _PHONETIC_NOTE)

    def scan_unread_part(self, part: str, packed: PackedPart) -> None:
        """Search a part that nothing else read, unless nothing was found in the same part of an earlier document.

        Styles, themes and fonts come from templates, so they repeat. Raises ReadError if the part is damaged.
        """
        if packed in _EMPTY_PARTS:
            return
        inside = Residue()
        if part.lower().endswith(_BINARY):
            found = binary.strings(packed.inflated(), has_number_or_sentence)
            inside.found.update(dict.fromkeys(found, _where(part)))
        else:
            inside.scan_markup(part, packed.inflated(), texts=True)
        self.add(inside.found)
        if not inside.found and len(packed.content) <= _MAX_CACHED_BYTES:
            if len(_EMPTY_PARTS) >= _MAX_EMPTY_PARTS:
                _EMPTY_PARTS.clear()
            _EMPTY_PARTS.add(packed)

    def add(self, found: Mapping[str, str]) -> None:
        """Add what was found in a part: text → where it was."""
        for text, where in found.items():
            self.found.setdefault(text, where)

    def scan_name(self, part: str) -> None:
        """Search the name of a part."""
        if has_number_or_sentence(part):
            self.found.setdefault(part.rpartition("/")[2], _NAME_NOTE)

    def scan_zip_comment(self, data: bytes) -> None:
        """Search the comment at the end of a zip."""
        at = data.rfind(_ZIP_END)
        if 0 <= at < len(data) - _ZIP_END_BYTES:
            self._add(data[at + _ZIP_END_BYTES :], _ARCHIVE_NOTE)

    def unreported(self, reported: Iterable[str]) -> Iterator[tuple[str, Concealment]]:
        """Yield the texts that were found and are not among those the document itself `reported`."""
        if not self.found:
            return
        known = "\n".join(reported)
        for text, where in self.found.items():
            if not text.isspace() and text not in known and adds_content(text, known):
                yield text, Concealment("hidden", "hidden_text", where)

    def _add(self, raw: bytes, where: str, *, numbers: bool = False) -> None:
        text = html.unescape(raw.decode("utf-8", "replace")).strip()
        if _LIBREOFFICE_NAME.fullmatch(text):
            return
        if _has_number(text) or (not numbers and _SENTENCE.search(text)):
            self.found.setdefault(text, where)


def compute_once(part: PackedPart, name: str, function: Callable[[bytes], _T]) -> tuple[_T, dict[str, str]]:
    """Return `function` of the bytes of a part, and what `Residue` finds in its markup (text → where).

    Both are cached, so that a part that many documents take from one template is processed once.
    Raises ReadError if the part is damaged.
    """
    if len(part.content) > _MAX_CACHED_BYTES:
        return _compute(part, name, function)
    result: tuple[_T, dict[str, str]] = _compute_cached(part, name, function)
    return result


@functools.lru_cache(maxsize=64)
def _compute_cached(part: PackedPart, name: str, function: Callable[[bytes], Any]) -> tuple[Any, dict[str, str]]:
    return _compute(part, name, function)


def _compute(part: PackedPart, name: str, function: Callable[[bytes], _T]) -> tuple[_T, dict[str, str]]:
    content = part.inflated()
    inside = Residue()
    inside.scan_markup(name, content)
    return function(content), inside.found


def _numbers_between_tags(content: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the texts between tags that hold a long run of digits, found by the digits for speed."""
    digits = digits_in(content)
    at = digits.find(LONG_RUN)
    while at >= 0:
        tag = content.rfind(b">", max(0, at - _MAX_CHARS), at)
        found = _TEXT.match(content, tag) if tag >= 0 else None
        between = found is not None and found.end() > at  # else the digits are inside a tag
        if found and between:
            yield found
        at = digits.find(LONG_RUN, found.end() if found and between else at + len(LONG_RUN))


def _where(part: str) -> str:
    lower = part.lower()
    return next((words for end, words in _WHERE if lower.endswith(end)), _ELSEWHERE)
