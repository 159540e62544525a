"""The floor: what the least sound scan of a file costs, as a yardstick for prescan in the same run.

Text only, with the fastest sound library of each format, one keyword pass over 1,000 words, one scan for digit runs.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

import pypdfium2
import regex
from ahocorasick_rs import AhoCorasick
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS: Final = [f"{a}{b}密级" for a in "甲乙丙丁戊己庚辛壬癸" for b in "子丑寅卯辰巳午未申酉"] * 10
_KEYWORDS: Final = AhoCorasick([f"{word}{number}" for number, word in enumerate(_WORDS)])
_TEXT_PART: Final = regex.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_DIGITS: Final = regex.compile(r"\d{6,}")


def scan(text: str) -> int:
    """Return how many keywords and digit runs a text holds."""
    return len(_KEYWORDS.find_matches_as_indexes(text)) + sum(1 for _ in _DIGITS.finditer(text))


def read_docx(data: bytes) -> str:
    """Return the text of the parts that hold text."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(name) for name in package.namelist() if _TEXT_PART.fullmatch(name)]
    return "\n".join("".join(map(str, etree.fromstring(part).itertext())) for part in parts)


def read_pdf(data: bytes) -> str:
    """Return the text of every page."""
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def read_html(data: bytes) -> str:
    """Return the text of the body."""
    body = LexborHTMLParser(data.decode("utf-8")).body
    return body.text() if body else ""


def read_text(data: bytes) -> str:
    """Return the decoded text."""
    return data.decode("utf-8")


READERS: Final[dict[str, Callable[[bytes], str]]] = {
    "docx": read_docx,
    "pdf": read_pdf,
    "html": read_html,
    "txt": read_text,
}
