"""Generates values for examples and evaluation: valid in form and check digit, and nobody's on purpose.

Texts in the repository have only tags; the numbers are generated anew in memory in each run.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Final

from prescan.numbers.checks import hide, luhn, mod_11_2, mod_31

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_COUNTIES: Final = (
    "110105 130102 210202 320106 330106 340104 350203 360102 370202 410105 420106 430104 440305 510107 610113".split()
)
_PLATE_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋陕吉闽贵粤川琼"
_CARD_PREFIXES: Final = "622202 621700 622848 623058 621226 622588".split()
_AREAS: Final = "010 020 021 022 0571 0755 0591 0431 0851 0999".split()
_CHINESE: Final = str.maketrans("0123456789", "〇一二三四五六七八九")
_FULL: Final = str.maketrans(
    string.digits + string.ascii_letters, "".join(chr(ord(c) + 0xFEE0) for c in string.digits + string.ascii_letters)
)


def resident_id(rng: random.Random) -> str:
    """Return an 18-digit ID number with a correct check digit, born 1950 to 2015."""
    born = f"{rng.randint(1950, 2015)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    head = rng.choice(_COUNTIES) + born + f"{rng.randint(1, 999):03}"
    return head + mod_11_2(head)


def bad_resident_id(rng: random.Random) -> str:
    """Return an ID number whose check digit is wrong."""
    number = resident_id(rng)
    wrong = "0123456789".replace(number[-1], "")
    return number[:-1] + rng.choice(wrong)


def bank_card(rng: random.Random) -> str:
    """Return a 19-digit card number with a correct Luhn digit."""
    head = rng.choice(_CARD_PREFIXES) + _digits(rng, 12)
    return next(head + digit for digit in string.digits if luhn(head + digit))


def mobile_phone(rng: random.Random) -> str:
    """Return a mobile number."""
    return rng.choice("130 133 138 150 158 166 177 186 189 191 198".split()) + _digits(rng, 8)


def landline_phone(rng: random.Random) -> str:
    """Return a landline number with its area code."""
    area = rng.choice(_AREAS)
    return f"{area}-{rng.choice('2345678')}{_digits(rng, 7 if area[1] in '12' else 6)}"


def uscc(rng: random.Random) -> str:
    """Return a 统一社会信用代码 with a correct check character."""
    head = rng.choice(["91", "12", "52", "93"]) + rng.choice(_COUNTIES) + "MA" + _digits(rng, 7)
    return head + mod_31(head)


def license_plate(rng: random.Random) -> str:
    """Return a number plate."""
    return rng.choice(_PLATE_PROVINCES) + rng.choice("ABCDEFG") + rng.choice("ABCDEFGHJK") + _digits(rng, 4)


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def _date(rng: random.Random) -> str:
    return f"20{rng.randint(18, 25)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"


def _name(rng: random.Random) -> str:
    return "".join(rng.choices(string.ascii_lowercase, k=rng.randint(4, 8))) + _digits(rng, rng.randint(0, 4))


GENERATORS: Final[dict[str, Callable[[random.Random], str]]] = {
    "resident_id": resident_id,
    "bad_resident_id": bad_resident_id,
    "bank_card": bank_card,
    "bank_account": lambda rng: "6" + _digits(rng, 3) + "0" + _digits(rng, 10),
    "mobile_phone": mobile_phone,
    "landline_phone": landline_phone,
    "passport": lambda rng: "E" + rng.choice("ABCDEFGH" + string.digits) + _digits(rng, 7),
    "hk_macau_permit": lambda rng: rng.choice("HM") + _digits(rng, 8),
    "taiwan_permit": lambda rng: rng.choice("0123") + _digits(rng, 7),
    "license_plate": license_plate,
    "email": lambda rng: f"{_name(rng)}@{rng.choice(['163.com', 'qq.com', '126.com', 'example.com', 'sina.cn'])}",
    "social_account": lambda rng: rng.choice([_digits(rng, 9), "wx_" + _name(rng)]),
    "social_security_no": lambda rng: _digits(rng, 10),
    "provident_fund_no": lambda rng: _digits(rng, 12),
    "student_id": lambda rng: "G" + resident_id(rng),
    "exam_no": lambda rng: _date(rng)[:4] + _digits(rng, 8),
    "driver_license": lambda rng: _digits(rng, 12),
    "disability_certificate": lambda rng: resident_id(rng) + rng.choice("1234567") + rng.choice("1234"),
    "medical_record_no": lambda rng: "ZY" + _digits(rng, 8),
    "property_certificate": lambda rng: f"浙（{rng.randint(2016, 2025)}）临溪县不动产权第{_digits(rng, 7)}号",
    "marriage_certificate": lambda rng: f"J{rng.choice(_COUNTIES)}-{rng.randint(2005, 2024)}-{_digits(rng, 6)}",
    "military_id": lambda rng: f"军字第{_digits(rng, 7)}号",
    "foreign_resident_id": lambda rng: "USA" + _digits(rng, 12),
    "practitioner_certificate": lambda rng: _date(rng)[:4] + _digits(rng, 9),
    "device_id": lambda rng: "86" + _digits(rng, 13),
    "office_phone": landline_phone,
    "hotline": lambda rng: rng.choice(["12345", "12315", f"400-{_digits(rng, 3)}-{_digits(rng, 4)}", "12348"]),
    "office_email": lambda rng: f"{_name(rng)}@{rng.choice(['zjlx.gov.cn', 'mail.qhx.gov.cn', 'lxedu.edu.cn'])}",
    "uscc": uscc,
    "org_code": lambda rng: f"{_digits(rng, 8)}-{rng.choice('0123456789X')}",
    "order_no": lambda rng: _date(rng) + _digits(rng, 9),
    "invoice_no": lambda rng: "2633" + _digits(rng, 16),
    "project_code": lambda rng: f"{_date(rng)[2:6]}-{rng.choice(_COUNTIES)}-04-01-{_digits(rng, 6)}",
    "estate_unit_no": lambda rng: f"{rng.choice(_COUNTIES)}{_digits(rng, 6)}GB{_digits(rng, 5)}F{_digits(rng, 8)}",
    "public_account": lambda rng: "1202" + _digits(rng, 15),
    "tracking_no": lambda rng: "SF" + _digits(rng, 13),
    "isbn": lambda rng: f"978-7-{_digits(rng, 4)}-{_digits(rng, 4)}-{rng.choice(string.digits)}",
    "patent_no": lambda rng: f"ZL{_date(rng)[:4]}1{_digits(rng, 7)}.{rng.choice(string.digits)}",
    "masked_id": lambda rng: hide(resident_id(rng), 3, 4),
    "masked_mobile": lambda rng: hide(mobile_phone(rng), 3, 4),
    "masked_card": lambda rng: "6222 **** **** " + _digits(rng, 4),
    "serial_no": lambda rng: _date(rng) + _digits(rng, 6),
    "batch_no": lambda rng: _date(rng) + rng.choice("ABCD") + _digits(rng, 2),
    "permit_no": lambda rng: f"JY{rng.choice('123')}{rng.choice(_COUNTIES)}{_digits(rng, 7)}",
    "case_no": lambda rng: f"（20{rng.randint(18, 25)}）浙{_digits(rng, 4)}民初{rng.randint(100, 9999)}号",
    "standard_no": lambda rng: f"GB/T {rng.randint(1000, 39999)}-20{rng.randint(10, 24)}",
    "coordinates": lambda rng: f"{rng.randint(22, 42)}.{_digits(rng, 5)},{rng.randint(100, 125)}.{_digits(rng, 5)}",
}

#: Ways of writing a number.
FORMS: Final[dict[str, Callable[[str], str]]] = {
    "plain": lambda value: value,
    "fullwidth": lambda value: value.translate(_FULL),
    "spaced": lambda value: " ".join(_grouped(value)),
    "dashed": lambda value: "-".join(_grouped(value)),
    "dotted": lambda value: ".".join(_grouped(value)),
    "nbsp": lambda value: "\u00a0".join(_grouped(value)),
    "zerowidth": lambda value: value[:4] + "\u200b" + value[4:],
    "linebreak": lambda value: value[: len(value) // 2] + "\n" + value[len(value) // 2 :],
    "lower": lambda value: value.lower(),
    "cyrillic": lambda value: value.replace("X", "Х"),
    "glued": lambda value: value,
    "plus86": lambda value: "+86" + value,
    "ocr": lambda value: value.replace("0", "O", 1),
    "chinese": lambda value: value.translate(_CHINESE),
}


def _grouped(value: str) -> list[str]:
    """Split a number into the groups in which people write numbers of its length."""
    if len(value) == 11:  # noqa: PLR2004
        sizes = [3, 4, 4]
    elif len(value) == 18:  # noqa: PLR2004
        sizes = [6, 8, 4]
    else:
        sizes = [4] * (len(value) // 4 + 1)
    groups, at = [], 0
    for size in sizes:
        groups.append(value[at : at + size])
        at += size
    return [group for group in [*groups, value[at:]] if group]
