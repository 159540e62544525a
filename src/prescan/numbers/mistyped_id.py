"""A resident ID number with missing or additional digits: never valid, but worth a look beside a label.

16, 17, 19 or 20 characters with a year and a month near the place of the birth date.

>>> is_valid("11010119020314002"), mask("11010119020314002")
(False, '11************002')
"""

from __future__ import annotations

import functools
from typing import Final

from prescan.numbers import resident_id
from prescan.numbers.checks import any_groups, fail, never, passes

PATTERN: Final = r"(?=\d{5,7}(?:19|20)\d{2}(?:0\d|1[0-2]))[1-8]\d{14,18}[\dXxХхΧχ×✕]"
TELLING: Final = PATTERN
compact: Final = resident_id.compact


def validate(text: str) -> str:  # noqa: ARG001  the shape all numbers share
    """Raises InvalidNumber (length)."""
    fail("length")


is_valid: Final = functools.partial(passes, validate)
checked: Final = never
natural_groups: Final = any_groups
mask: Final = resident_id.mask
