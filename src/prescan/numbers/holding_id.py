"""Numbers that contain a resident ID number: 残疾人证, 学籍号, 医师资格证书编码.

残疾人证 = ID + category 1–7 + grade 1–4 (+ B and a digit when reissued). 学籍号 = G + ID (L + ID until one is issued).
医师资格证书编码 = year 4, province 2, way 1, level 1, category 1, then the ID: 27 digits. 学号 and other certificates
have no national format and count beside a word that names them.

>>> DISABILITY.is_valid("11010119020314002844"), DISABILITY.is_valid("11010119020314002744")  # the ID's check digit
(True, False)
>>> STUDENT.is_valid("G110101190203140028"), STUDENT.checked("G110101190203140028"), STUDENT.checked("20210001")
(True, True, False)
>>> PRACTITIONER.checked("200011110110101190203140028")
True
>>> PRACTITIONER.mask("200011110110101190203140028")
'200011110******************'
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from prescan.numbers import resident_id
from prescan.numbers.checks import compiled, fail, hide, passes

if TYPE_CHECKING:
    import datetime

_ID_LENGTH: Final = 18
#: Longer codes have a part before the ID that may be shown; shorter ones are hidden completely.
_WHOLE_AT_MOST: Final = 20
#: Length of category and grade after an ID number, or of B and a digit.
_TAIL: Final = 2
_ID = r"(?P<id>[1-8]\d{16}[\dXxХхΧχ×✕])"


@dataclass(frozen=True, slots=True)
class Holder:
    """A number that contains an ID number (group `id` of the pattern), or has an office's own shape."""

    PATTERN: str
    TELLING: str
    """The pattern of values that contain an ID."""
    shown: int = 0
    """How many characters at the beginning the mask of a 27-digit code keeps."""

    def compact(self, text: str) -> str:
        """Return letters in upper case and digits; characters written for X become X."""
        return resident_id.compact_with_letters(text)

    def validate(self, text: str) -> str:
        """Return the compact number. Raises InvalidNumber: format, or the error of the ID in it."""
        number = self.compact(text)
        match = compiled(self.PATTERN).fullmatch(number)
        if match is None:
            fail("format")
        if match["id"]:
            resident_id.validate(match["id"])
        return number

    def is_valid(self, text: str) -> bool:
        """Return whether `text` is a valid number."""
        return passes(self.validate, text)

    def checked(self, text: str) -> bool:
        """Return whether the number contains a valid ID."""
        match = compiled(self.PATTERN).fullmatch(self.compact(text))
        return match is not None and bool(match["id"]) and resident_id.is_valid(match["id"])

    def born(self, text: str) -> datetime.date | None:
        """Return the birth date in a valid number, None if it contains no ID."""
        match = compiled(self.PATTERN).fullmatch(self.compact(text))
        return resident_id.born(match["id"]) if match and match["id"] else None

    def natural_groups(self, groups: list[int]) -> bool:
        """Return True unless the groups are an ID number followed by four digits of another number."""
        ends_after_id = _ID_LENGTH in itertools.accumulate(groups[:-1])
        return not (ends_after_id and groups[-1] > _TAIL)

    def mask(self, text: str) -> str:
        """Return `text` hidden, except for the first characters of a 27-digit code."""
        return hide(text, self.shown if sum(char.isalnum() for char in text) > _WHOLE_AT_MOST else 0, 0)


_DISABILITY = rf"{_ID}[1-7][1-4](?:[Bb8]\d)?"
_STUDENT = rf"[GLgl]{_ID}"
_PRACTITIONER = rf"(?:19|20)\d{{7}}{_ID}"
DISABILITY: Final = Holder(_DISABILITY, _DISABILITY)
STUDENT: Final = Holder(rf"{_STUDENT}|[A-Za-z]{{0,2}}\d{{6,19}}", _STUDENT)
#: What the permits of a shop or a factory begin with: 食品经营 JY, 食品生产 SC and QS, 特种设备 TS.
_PERMIT = r"(?!(?:JY|SC|QS|TS)\d)(?<!J|JY|S|SC|Q|QS|T|TS)"
PRACTITIONER: Final = Holder(rf"{_PRACTITIONER}|{_PERMIT}[A-Za-z]{{0,2}}\d{{8,20}}", _PRACTITIONER, 9)
