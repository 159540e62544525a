"""固定电话: area code (010, 02x, 0xxx), 7 or 8 digits, an optional extension; with +86 or 0086 the code may lose its 0.

>>> is_valid("0571-88001234"), is_valid("(010)65250000"), is_valid("+86 571 88001234"), is_valid("0571-88001234-8012")
(True, True, True, True)
>>> is_valid("0571-8800"), validate("0086-0571-88001234转8012")
(False, '057188001234')
>>> mask("0571-88001234"), mask("0571-88001234-8012")
('0571-8800****', '0571-8800****-****')
"""

from __future__ import annotations

import bisect
import functools
from typing import Final

import regex

from prescan.numbers.checks import digits, fail, never, passes

#: Over the squeeze view.
PATTERN: Final = r"(?:(?:(?:00)?86\)?)?0|(?:00)?86\)?)(?:10|2\d|[3-9]\d{2})\)?[2-8]\d{6,7}"
TELLING: Final = PATTERN
_SHAPE = regex.compile(r"(?:010|02\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}")
_EXTENSION = regex.compile(r"(?:[-—–\s]+|转|分机)+(?:分机)?\d{1,5}$")
_COUNTRY = regex.compile("^(?:00)?86")
_HIDDEN: Final = 4


def compact(text: str) -> str:
    """Return the digits with the area code's 0, without country code and extension."""
    whole = _national(digits(text))
    main = _national(digits(_EXTENSION.sub("", text)))
    return main if not _SHAPE.fullmatch(whole) and _SHAPE.fullmatch(main) else whole


def _national(number: str) -> str:
    if _SHAPE.fullmatch(number):
        return number
    rest = _COUNTRY.sub("", number, count=1)
    if rest == number or len(rest) < len("0") + _HIDDEN:
        return number
    return rest if rest[0] == "0" else "0" + rest


def validate(text: str) -> str:
    """Return the compact number. Raises InvalidNumber (format)."""
    number = compact(text)
    if not _SHAPE.fullmatch(number):
        fail("format")
    return number


is_valid: Final = functools.partial(passes, validate)
checked: Final = never


def natural_groups(groups: list[int]) -> bool:
    """Return whether people group landline digits like this: area code, then the number in one piece or two."""
    own = groups[1:] if groups[0] in {2, 4} and len(groups) > 2 else groups  # noqa: PLR2004  86 or 0086 in front
    return any(
        given[0] in {3, 4, 5, 6} and tuple(given[1:]) in {(7,), (8,), (4, 4), (3, 4), (4, 3)} for given in (groups, own)
    )


def mask(text: str) -> str:
    """Return `text` with the last four digits and the extension hidden."""
    extension = _EXTENSION.search(text)
    behind = extension.start() if extension and is_valid(text[: extension.start()]) else len(text)
    places = [place for place, char in enumerate(text) if char.isdecimal()]
    before = bisect.bisect_left(places, behind)
    shown = list(text)
    for place in places[max(0, before - _HIDDEN) :]:
        shown[place] = "*"
    return "".join(shown)
