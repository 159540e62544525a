"""Masking and escaping of everything the desk stores and shows."""

from __future__ import annotations

import html
from typing import Final

import regex

from prescan.report import Options
from prescan.report.shown import harmless

MASKED: Final = Options()
_UNSAFE: Final = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\uFFFE\uFFFF--\n]", regex.V1)


def clean(text: str) -> str:
    """Return text escaped for HTML, with its line ends, without control and invisible characters."""
    if _UNSAFE.search(text):
        text = "\n".join(map(harmless, text.split("\n")))
    return html.escape(text)
