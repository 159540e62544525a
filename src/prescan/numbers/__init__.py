"""One file per identifier: pattern, compact, validate, mask (the shape of python-stdnum), and the table of them."""

from __future__ import annotations

from typing import Final, Protocol

from prescan.numbers import (
    bank_card,
    email,
    landline_phone,
    license_plate,
    mobile_phone,
    passport,
    resident_id,
    uscc,
)
from prescan.numbers.checks import InvalidNumber
from prescan.numbers.travel_permits import HK_MACAU, TAIWAN


class Number(Protocol):
    """What every entry of NUMBERS offers."""

    @property
    def PATTERN(self) -> str:  # noqa: N802  a constant of the module
        """A regular expression for the value as it stands in the squeeze view (the fold view for email)."""

    def compact(self, text: str) -> str:
        """Return the value without separators, in ASCII."""

    def validate(self, text: str) -> str:
        """Return the compact value. Raises InvalidNumber."""

    def is_valid(self, text: str) -> bool:
        """Tell whether the value is valid."""

    def natural_groups(self, groups: list[int]) -> bool:
        """Tell whether people write the value in groups of these lengths."""

    def mask(self, text: str) -> str:
        """Return the value as it may be shown, layout kept."""


NUMBERS: Final[dict[str, Number]] = {
    "resident_id": resident_id,
    "bank_card": bank_card,
    "mobile_phone": mobile_phone,
    "landline_phone": landline_phone,
    "passport": passport,
    "hk_macau_permit": HK_MACAU,
    "taiwan_permit": TAIWAN,
    "license_plate": license_plate,
    "email": email,
    "uscc": uscc,
}

__all__ = ["NUMBERS", "InvalidNumber", "Number"]
