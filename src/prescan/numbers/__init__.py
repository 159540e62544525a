"""One file per identifier: pattern, compact, validate, mask (the shape of python-stdnum), and the table of them."""

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
    """What every entry of NUMBERS offers."""

    @property
    def PATTERN(self) -> str:  # noqa: N802  a constant of the module
        """A regular expression for the value as it stands in the squeeze view (the fold view for email)."""

    @property
    def TELLING(self) -> str:  # noqa: N802  a constant of the module
        """The part of PATTERN that `checked` may accept: what is looked for where no cue is in sight."""

    def compact(self, text: str) -> str:
        """Return the value without separators, in ASCII."""

    def validate(self, text: str) -> str:
        """Return the compact value. Raises InvalidNumber."""

    def is_valid(self, text: str) -> bool:
        """Tell whether the value is valid."""

    def checked(self, text: str) -> bool:
        """Tell whether more than its length says that it is this kind: a check digit, a shape nothing else has."""

    def natural_groups(self, groups: list[int]) -> bool:
        """Tell whether people write the value in groups of these lengths."""

    def mask(self, text: str) -> str:
        """Return the value as it may be shown, layout kept."""


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
#: Numbers that say when somebody was born: the birth date in a valid one, None where its form has none.
BORN: Final[dict[str, Callable[[str], datetime.date | None]]] = {
    "resident_id": resident_id.born,
    "foreign_resident_id": foreign_resident_id.born,
    "disability_certificate": holding_id.DISABILITY.born,
    "student_id": holding_id.STUDENT.born,
    "practitioner_certificate": holding_id.PRACTITIONER.born,
}

__all__ = ["BORN", "NUMBERS", "InvalidNumber", "Number"]
