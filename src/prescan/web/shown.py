"""How everything the desk stores and shows is written: values masked, nothing that is markup or steers."""

from __future__ import annotations

import html
from typing import Final

import regex

from prescan.report import Options
from prescan.report.shown import harmless

MASKED: Final = Options()
_STEERING: Final = regex.compile(r"[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\uFFFE\uFFFF--\n]", regex.V1)


def clean(text: str) -> str:
    """Return text escaped, line ends kept, without characters that steer or hide."""
    if _STEERING.search(text):
        text = "\n".join(map(harmless, text.split("\n")))
    return html.escape(text)
