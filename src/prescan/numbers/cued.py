"""Numbers without check digit (permits, accounts, files, certificates): they count only beside a word that names them.

Formats: 港澳居民来往内地通行证 H or M + 8 digits (older + 2), 往来港澳通行证 C, CA–CZ or W; 台湾居民来往大陆通行证
8 digits (older 10 + letter), 大陆居民往来台湾通行证 L or T + 8; 结婚证字号 J (离婚 L, 补发 BJ, BL) + division + year +
6 digits (民办函〔2004〕); 军官证 ×字第…号; 不动产权证 省（年）…不动产权第…号 (国土资发〔2015〕25号). The others have
no national format: offices choose their own digits.

>>> HK_MACAU.is_valid("H12345678"), HK_MACAU.is_valid("CA1234567"), HK_MACAU.is_valid("X12345678")
(True, True, False)
>>> TAIWAN.is_valid("12345678"), TAIWAN.is_valid("T12345678"), TAIWAN.is_valid("1234567")
(True, True, False)
>>> MARRIAGE.is_valid("J110105-2014-000001"), MARRIAGE.is_valid("X110105-2014-000001")
(True, False)
>>> PROPERTY.is_valid("浙（2025）临溪县不动产权第0000001号"), PROPERTY.is_valid("浙政函〔2025〕12号")
(True, False)
>>> MILITARY.is_valid("军字第 0000 001 号"), MILITARY.is_valid("第0000001号")
(True, False)
>>> MEDICAL_RECORD.is_valid("ZY00000001"), MEDICAL_RECORD.is_valid("20250601")  # a date
(True, False)
>>> HK_MACAU.mask("H12345678"), ACCOUNT.mask("100000000000001")
('H1*****78', '*************01')
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

import regex

from prescan.numbers import bank_card
from prescan.numbers.checks import PROVINCES, any_groups, compiled, fail, hide, letters_and_digits, passes

#: Eight digits that are a date, so no number of these kinds.
_DAY = regex.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_SPACE = regex.compile(r"[\s\u200b\u2060\ufeff\u00ad]+")


@dataclass(frozen=True, slots=True)
class Shape:
    """A number recognised by its shape only; it has the interface of a number module."""

    PATTERN: str
    shown: tuple[int, int] = (2, 2)
    """How many characters the mask keeps at the beginning and at the end."""
    written: bool = False
    """The value contains words and brackets (军字第…号)."""
    TELLING: str = "(?!)"
    """A pattern for values with a distinctive shape, which need no cue if the rule allows it."""
    alone: str = ""
    """The pattern for a compact value, if PATTERN also looks at its surroundings."""
    kept: str = ""
    """Separators that are part of the value."""
    fours: bool = False
    """Without a cue, only values in one piece or in groups of four are accepted."""

    def compact(self, text: str) -> str:
        """Return letters in upper case and digits; for a `written` value, everything but white space."""
        if self.written:
            return _SPACE.sub("", unicodedata.normalize("NFKC", text))
        if not self.kept:
            return letters_and_digits(text)
        return "".join(char for char in text.upper() if char.isalnum() or char in self.kept)

    def validate(self, text: str) -> str:
        """Return the compact number. Raises InvalidNumber (format)."""
        number = self.compact(text)
        if not compiled(self.alone or self.PATTERN).fullmatch(number) or _DAY.fullmatch(number):
            fail("format")
        return number

    def is_valid(self, text: str) -> bool:
        """Return whether `text` is a valid number."""
        return passes(self.validate, text)

    def checked(self, text: str) -> bool:
        """Return whether the shape alone identifies the kind."""
        return compiled(self.TELLING).fullmatch(self.compact(text)) is not None

    def natural_groups(self, groups: list[int]) -> bool:
        """Return whether people group the characters like this; always True for numbers that need a cue."""
        return bank_card.natural_groups(groups) if self.fours and len(groups) > 1 else any_groups(groups)

    def mask(self, text: str) -> str:
        """Return `text` with the first and last few characters kept; `written` values lose letters and digits."""
        if self.written:
            return regex.sub(r"[\dA-Za-z]", "*", text)
        return hide(text, *self.shown)


_ESTATE = rf"[{PROVINCES}]\(?(?:19|20)\d{{2}}\)?[\p{{Han}}×]{{1,14}}不动产(?:权|证明)第\d{{5,8}}号"
_OLD_ESTATE = (
    r"(?:(?![证号为是系:])\p{Han}){0,8}房[权地]?(?:权)?证(?:(?![证号为是系])\p{Han}|\(?(?:19|20)\d{2}\)?){0,8}字第?[A-Z0-9]{4,16}号"
    r"|(?:(?![证号为是系:])\p{Han}){0,3}[国集]用\((?:19|20)\d{2}\)(?:字)?第?[0-9A-Z]{3,12}号"
)
_MARRIAGE = r"(?:[Bb]?[JLjl])\d{6}(?:19|20)\d{8}"
_OFFICER = r"[军政后装参空海北沈兰济南广成武文士警]字第\d{6,12}号"

HK_MACAU: Final = Shape(r"[HMhm](?:\d{10}|\d{8})|[CWcw](?:\d{8}|[A-Za-z]\d{7})", TELLING=r"[HMhm]\d{8}")
TAIWAN: Final = Shape(r"[LTlt]\d{8}|(?<![A-Za-z])(?:\d{10}[A-Za-z]?|\d{8})", alone=r"[LT]\d{8}|\d{10}[A-Z]?|\d{8}")
ACCOUNT: Final = Shape(r"\d{8,25}", (0, 2))
#: An account without a cue: no serial number that begins with a year, no ID number, no IMEI.
ACCOUNT_ALONE: Final = Shape(
    r"(?<![1-8]\d{5}(?:19|20)\d{6})(?!(?:19|20)\d{2}|86\d{13}(?!\d)|35\d{13}(?!\d)|[1-8]\d{5}(?:19|20)\d{2}[01]\d)\d{15,19}",
    (0, 2),
    fours=True,
    alone=r"\d{15,19}",
)
#: Over the fold view: a letter and 5 to 19 more with a digit or "_" among them, or 5 to 11 digits (no mobile number).
SOCIAL: Final = Shape(
    r"(?:(?<![A-Za-z0-9_@.\-/])|(?<=QQ|qq|VX|vx|Vx|ID|id|[Cc]hat|wx号))(?:(?!QQ|qq|[Vv][Xx][A-Za-z0-9]|ID[0-9a-z]|[Ww]e[Cc]hat)(?=[A-Za-z\-]*[0-9_])[A-Za-z][A-Za-z0-9_\-]{5,19}"
    r"|(?<=(?:微信|微信号|微信ID|微信账号|VX|vx|Vx|[Cc]hat)[:：]?\s?)[a-zA-Z]{6,20}|(?!1[3-9]\d{9}(?!\d))\d{5,11})(?![A-Za-z0-9_@%]|[.,]\d)",
    (1, 1),
    alone=r"[A-Z][A-Z0-9_\-]{5,19}|\d{5,11}",
    kept="_-",
)
#: The same in groups: digits only, so that groups of an account of letters are not joined.
QQ: Final = Shape(r"[1-9]\d{4,10}", (1, 1))
SOCIAL_SECURITY: Final = Shape(r"[A-Za-z]?\d{8,18}")
PROVIDENT_FUND: Final = Shape(r"\d{6,20}")
EXAM: Final = Shape(r"[A-Za-z]{0,2}\d{6,20}")
#: 固定电话 without its area code, or the six digits of older ones.
LOCAL_PHONE: Final = Shape(r"[2-8]\d{5,7}|0[3-9]\d{2}[2-8]\d{5}(?!\d)", (0, 0))
DRIVER: Final = Shape(r"\d{12}")
MEDICAL_RECORD: Final = Shape(r"[A-Za-z]{0,3}\d{5,14}", (0, 2))
MARRIAGE: Final = Shape(_MARRIAGE, (1, 2), TELLING=_MARRIAGE)
PROPERTY: Final = Shape(rf"{_ESTATE}|{_OLD_ESTATE}", written=True, TELLING=_ESTATE)
MILITARY: Final = Shape(
    rf"{_OFFICER}|[{PROVINCES}]?军残字第?[A-Z0-9]{{4,12}}号",
    written=True,
    TELLING=rf"[军士]字第\d{{6,8}}号|[{PROVINCES}]?军残字第?[A-Z0-9]{{4,12}}号",
)
#: Numbers on today's papers of soldiers and veterans: digits only.
MILITARY_DIGITS: Final = Shape(r"\d{6,18}")
#: IMEI (15 digits), MEID (14 hexadecimal), ICCID (8986 and 15 or 16 more).
DEVICE: Final = Shape(r"8986\d{15,16}|\d{15}|[A-Fa-f0-9]{14}", (6, 2))
#: IMEI as phones sold here have it: it begins with the body that allots it (86 China, 35 Britain, 01 and 99 America).
IMEI: Final = Shape(r"(?:86|35|01|99)\d{13}", (6, 2))
#: Over the fold view.
MAC: Final = Shape(
    r"(?:(?<![0-9A-Fa-f])|(?<=MAC))(?:[0-9A-Fa-f]{2}(?:[:\-\. ][0-9A-Fa-f]{2}){5}"
    r"|[0-9A-Fa-f]{4}(?:[.\-][0-9A-Fa-f]{4}){2}"
    r"|(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{12})(?![0-9A-Fa-f:\-])",
    (6, 0),
    alone="[0-9A-F]{12}",
)
