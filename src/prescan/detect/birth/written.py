"""How dates are written, in Chinese and in figures: patterns for the fold view."""

from __future__ import annotations

from typing import Final

import regex

YEAR: Final = r"(?:19|20)\d{2}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_MONTH = r"(?:0?[1-9]|1[0-2])(?!\d)"
_FEAST = "初[一二三四五六七八九十]"
FIGURE: Final = "[〇○零一二三四五六七八九0O]"
_DAY_SAID = rf"(?:[一二三四五六七八九十廿卅]{{1,3}}|{_FEAST})[日号]?"
#: Over the fold view: 1991年2月3日, 1991年2月, 1991-2-3, 19910203, 一九九一年二月三日, 91年2月3日.
DATE: Final = (
    rf"{YEAR}[ ]?年[ ]?(?:{_MONTH}[ ]?月|(?:农历|阴历)?[元正腊冬一二三四五六七八九十]{{1,2}}月)"
    rf"(?:[ ]?(?:{_DAY}[ ]?[日号]?|{_DAY_SAID}))?"
    rf"|民国[一二三四五六七八九十0-9]{{1,3}}年(?:[一二三四五六七八九十]{{1,2}}|[0-9]{{1,2}})月(?:{_DAY_SAID}|{_DAY}日?)?"
    rf"|{YEAR}[ ]?[-./·][ ]?{_MONTH}(?:[ ]?[-./·][ ]?{_DAY})?(?!/?\d)"
    rf"|{YEAR}(?:0[1-9]|1[0-2])(?:(?:0[1-9]|[12]\d|3[01]))?(?!\d)"
    rf"|[一二]{FIGURE}{{3}}年[ ]?(?:农历|阴历)?[一二三四五六七八九十元正腊冬]{{1,2}}月(?:{_DAY_SAID})?"
    rf"|(?<!\d)\d{{2}}年{_MONTH}月(?:{_DAY}[日号]?)?"
    rf"|(?<!{FIGURE})[二三四五六七八九]{FIGURE}年(?:农历|阴历)?[一二三四五六七八九十元正腊冬]{{1,2}}月(?:{_DAY_SAID})?"
)
FULL_DATE: Final = regex.compile(DATE)
#: 53.3, 53.3.12: a date only right behind 出生 or in its column.
SHORT_DATE: Final = rf"(?<![\d.])\d{{2}}[.·]{_MONTH}(?:[.·]{_DAY})?(?![\d.])"
#: A birth date that no cue tells is of a year before this one; its first figures.
LATEST: Final = "2016"
