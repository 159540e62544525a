"""Identifiers, a module each, listed in NUMBERS: pattern, compact, validate, mask (interface of python-stdnum)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from prescan.numbers import (
    bank_card,
    cued,
    email,
    foreign_resident_id,
    holding_id,
    landline_phone,
    license_plate,
    mistyped_id,
    mobile_phone,
    passport,
    resident_id,
    uscc,
)
from prescan.numbers.checks import InvalidNumber

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable


class Number(Protocol):
    """The interface of the entries of NUMBERS."""

    @property
    def PATTERN(self) -> str:  # noqa: N802  a constant of the module
        """A regular expression for the value in the squeeze view (email: in the fold view)."""

    @property
    def TELLING(self) -> str:  # noqa: N802  a constant of the module
        """A pattern for the values `checked` may accept: they are found even without a cue."""

    def compact(self, text: str) -> str:
        """Return the value without separators, in ASCII."""

    def validate(self, text: str) -> str:
        """Return the compact value. Raises InvalidNumber."""

    def is_valid(self, text: str) -> bool:
        """Return whether the value is valid."""

    def checked(self, text: str) -> bool:
        """Return whether a check digit or a distinctive shape confirms the kind of a value, not only its length."""

    def natural_groups(self, groups: list[int]) -> bool:
        """Return whether people write the value in groups of these lengths."""

    def mask(self, text: str) -> str:
        """Return the masked value, with its separators."""


NUMBERS: Final[dict[str, Number]] = {
    "resident_id": resident_id,
    "bank_card": bank_card,
    "mobile_phone": mobile_phone,
    "landline_phone": landline_phone,
    "local_phone": cued.LOCAL_PHONE,
    "passport": passport,
    "hk_macau_permit": cued.HK_MACAU,
    "taiwan_permit": cued.TAIWAN,
    "foreign_resident_id": foreign_resident_id,
    "mistyped_id": mistyped_id,
    "disability_certificate": holding_id.DISABILITY,
    "student_id": holding_id.STUDENT,
    "practitioner_certificate": holding_id.PRACTITIONER,
    "bank_account": cued.ACCOUNT,
    "account_alone": cued.ACCOUNT_ALONE,
    "social_account": cued.SOCIAL,
    "qq": cued.QQ,
    "social_security_no": cued.SOCIAL_SECURITY,
    "provident_fund_no": cued.PROVIDENT_FUND,
    "exam_no": cued.EXAM,
    "driver_license": cued.DRIVER,
    "medical_record_no": cued.MEDICAL_RECORD,
    "marriage_certificate": cued.MARRIAGE,
    "property_certificate": cued.PROPERTY,
    "military_id": cued.MILITARY,
    "military_digits": cued.MILITARY_DIGITS,
    "device_id": cued.DEVICE,
    "imei": cued.IMEI,
    "mac_address": cued.MAC,
    "license_plate": license_plate,
    "email": email,
    "uscc": uscc,
}
#: Functions that return the birth date in a valid number, or None if its form has none.
BORN: Final[dict[str, Callable[[str], datetime.date | None]]] = {
    "resident_id": resident_id.born,
    "foreign_resident_id": foreign_resident_id.born,
    "disability_certificate": holding_id.DISABILITY.born,
    "student_id": holding_id.STUDENT.born,
    "practitioner_certificate": holding_id.PRACTITIONER.born,
}

__all__ = ["BORN", "NUMBERS", "InvalidNumber", "Number"]
