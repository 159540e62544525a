"""Masks values, and decides whether a mask hides enough; used by findings, reports and redacted copies.

A mask is weak if at most 1,000 values fit it and the facts given beside it, and more would fit without the mask. Our
own masks must not be weak either: beside a birth date or division they hide more digits.

>>> from prescan.numbers.id_left import Known
>>> safe_mask("resident_id", "110101190203140028")
'11*************028'
>>> safe_mask("resident_id", "110101190203140028", Known(births=frozenset({"19020314"})))
'11***************8'
>>> safe_mask("mobile_phone", "138 0013 8000", profile="138****8000")
'138 **** 8000'
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from prescan.numbers import NUMBERS
from prescan.numbers.checks import hide
from prescan.numbers.id_left import HIDDEN, NOTHING, free, left
from prescan.numbers.resident_id import X_FORMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from prescan.numbers.id_left import Known

#: So many values can be tried one by one: the limit for a weak mask.
WEAK_UP_TO: Final = 1_000
_ID_LENGTH: Final = 18
_NO_SEPARATORS: Final = {code: None for code in range(128) if not chr(code).isalnum() and chr(code) != HIDDEN}


def _card_left(shown: str, known: Known) -> int:
    """Count card numbers: one hidden digit follows from the check digit (Luhn)."""
    return max(1, free(shown, known) // 10)


def _mobile_left(shown: str, known: Known) -> int:
    """Count mobile numbers: they begin with 1 and 3 to 9."""
    head = {HIDDEN: 7}.get(shown[1:2], 1)
    return head * free(shown[2:], known)


def _holding_left(front: int, shown: str, known: Known) -> int:
    """Count numbers that contain an ID number at index `front`; shorter ones have no check digit."""
    rest = shown[:front] + shown[front + _ID_LENGTH :]
    if len(shown) < front + _ID_LENGTH:
        return free(shown, known)
    return left(shown[front : front + _ID_LENGTH], known) * free(rest, known)


#: Numbers whose remaining values can be counted; for the others the usual mask hides enough.
LEFT: Final[dict[str, Callable[[str, Known], int]]] = {
    "resident_id": left,
    "mistyped_id": free,
    "bank_card": _card_left,
    "mobile_phone": _mobile_left,
    "disability_certificate": functools.partial(_holding_left, 0),
    "student_id": functools.partial(_holding_left, 1),
    "practitioner_certificate": functools.partial(_holding_left, 9),
}


def compact_shown(masked: str) -> str:
    """Return the letters, digits and "*" of a masked value, without separators.

    >>> compact_shown("11**** ******** *02x")
    '11*************02X'
    """
    if masked.isascii():
        return masked.upper().translate(_NO_SEPARATORS)
    plain = (char for char in masked.translate(X_FORMS).upper() if char.isalnum() or char == HIDDEN)
    return "".join(str(int(char)) if char.isdecimal() else char for char in plain)


def remaining(number: str, shown: str, known: Known = NOTHING) -> int:
    """Return how many values of a number (a key of LEFT) fit a mask and the known facts."""
    return LEFT[number](shown, known)


def is_weak(number: str, shown: str, known: Known = NOTHING) -> bool:
    """Return whether a mask reveals the value; what is known without the mask does not count."""
    count = remaining(number, shown, known)
    return count <= WEAK_UP_TO and count < remaining(number, HIDDEN * len(shown), known)


def safe_mask(number: str, value: str, known: Known = NOTHING, *, profile: str = "") -> str:
    """Return the masked `value` of a number (a key of NUMBERS) beside `known` facts; separators are kept.

    `profile` is an example of the office's own mask (138****1234); "" = the number's usual mask. If that would be weak,
    fewer characters are kept, first at the end, down to none.
    """
    masked = masked_like(value, profile) if profile else NUMBERS[number].mask(value)
    if number not in LEFT or not is_weak(number, compact_shown(masked), known):
        return masked
    shown = compact_shown(masked)
    first, last = len(shown.partition(HIDDEN)[0]), len(shown.rpartition(HIDDEN)[2])
    tries = [(first, keep) for keep in range(last - 1, -1, -1)] + [(keep, 0) for keep in range(first - 1, -1, -1)]
    masks = (hide(value, *kept) for kept in tries)
    return next((mask for mask in masks if not is_weak(number, compact_shown(mask), known)), hide(value, 0, 0))


def masked_like(value: str, profile: str) -> str:
    """Return `value` with as many characters kept at the beginning and the end as in the example `profile`.

    >>> masked_like("138-0013-8000", "138****1234"), masked_like("E12345678", "*")
    ('138-****-8000', '*********')
    """
    front, _, rest = profile.partition(HIDDEN)
    behind = rest.rpartition(HIDDEN)[2] if HIDDEN in rest else rest
    kept = [sum(char.isalnum() for char in part) for part in (front, behind)]
    return hide(value, *kept) if sum(kept) < sum(char.isalnum() for char in value) else hide(value, 0, 0)
