"""电子邮箱 (RFC 5321, the common part).

>>> is_valid("li.hua@example.com"), is_valid("li.hua@"), office("xxgk@example.gov.cn")
(True, False, True)
>>> mask("li.hua@example.com")
'l*.***@example.com'
"""

from __future__ import annotations

import functools
from typing import Final

import regex

from prescan.numbers.checks import any_groups, fail, hide, never, passes

#: Over the fold view.
_ADDRESS = r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@(?:[A-Za-z0-9\-]{1,63}\.){1,5}[A-Za-z]{2,12}(?![A-Za-z0-9])"
#: The label may run into it: E-mailhehua1902@….
PATTERN: Final = rf"(?:(?<=[Ee]-?[Mm]ail)|(?<=[箱件址:])|(?<![A-Za-z0-9\-])(?![Ee]-?[Mm]ail[A-Za-z0-9]{{3}})){_ADDRESS}"
TELLING: Final = PATTERN
_SHAPE = regex.compile(_ADDRESS)
_OFFICE = regex.compile(r"@(?:[a-z0-9\-]+\.)*(?:gov|edu|org|mil)(?:\.cn)?$", regex.IGNORECASE)


def compact(text: str) -> str:
    """Return the address in lower case without white space."""
    return "".join(text.split()).lower()


def validate(text: str) -> str:
    """Return the compact address. Raises InvalidNumber (format)."""
    address = compact(text)
    if not _SHAPE.fullmatch(address):
        fail("format")
    return address


is_valid: Final = functools.partial(passes, validate)
checked: Final = never
natural_groups: Final = any_groups


def office(text: str) -> bool:
    """Return whether the domain belongs to a government, school or organisation."""
    return _OFFICE.search(compact(text)) is not None


def mask(text: str) -> str:
    """Return `text` with only the first character of the local part kept."""
    local, at, domain = text.rpartition("@")
    return hide(local, 1, 0) + at + domain
