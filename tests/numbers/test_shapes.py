"""Numbers known by their shape: phones, plates, passports, permits, mail addresses."""

from __future__ import annotations

import pytest

from prescan.numbers import NUMBERS, email, landline_phone, mobile_phone


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        "+8613800138000",
        "+86 138 0013 8000",
        "(+86)13800138000",
        "86-13800138000",
        "008613800138000",
        "0086 138 0013 8000",
    ],
)
def test_a_mobile_number_with_and_without_country_code(text: str) -> None:
    """All are the same eleven digits."""
    assert mobile_phone.validate(text) == "13800138000"


@pytest.mark.parametrize(
    "text", ["12800138000", "1380013800", "138001380000", "10800138000", "23800138000", "0085213800138000", "", "电话"]
)
def test_no_mobile_number(text: str) -> None:
    """Wrong ranges and lengths."""
    assert not mobile_phone.is_valid(text)


@pytest.mark.parametrize(
    ("groups", "natural"),
    [
        ([3, 4, 4], True),
        ([3, 8], True),
        ([2, 11], True),
        ([2, 3, 4, 4], True),
        ([4, 3, 4, 4], True),
        ([4, 11], True),
        ([4, 3, 4], True),
        ([1, 10], False),
        ([2, 9], False),
        ([1] * 11, False),
        ([9, 2], False),
    ],
)
def test_groups_of_mobile_digits(groups: list[int], natural: bool) -> None:
    """With the country code in front or not."""
    assert mobile_phone.natural_groups(groups) is natural


@pytest.mark.parametrize(
    "text", ["0999-8812345", "0571-88001234", "(010)65250000", "（021）65250000", "０９９９－８８１２３４５"]
)
def test_a_landline_number(text: str) -> None:
    """Area code and seven or eight digits."""
    assert landline_phone.is_valid(text)


@pytest.mark.parametrize(
    "text", ["88001234", "0571-8800", "0571-18001234", "010-6525000", "021-1234567", "12345", "4008001234"]
)
def test_no_landline_number(text: str) -> None:
    """No area code, too short, a first digit nobody has, a hotline."""
    assert not landline_phone.is_valid(text)


@pytest.mark.parametrize(
    "plate",
    [
        "浙A12345",
        "浙a12345",
        "浙A·12345",
        "浙AABC12",
        "浙AD12345",
        "浙AF12345",
        "浙AA12345",
        "浙A12345D",
        "浙A1234学",
        "浙A1234警",
        "浙A1234挂",
        "粤Z1234港",
        "粤Z1234澳",
        "京A1234使",
        "沪A1234领",
    ],
)
def test_plates(plate: str) -> None:
    """Common, new energy, driving school, police, trailer, 港澳, embassy, consulate."""
    assert NUMBERS["license_plate"].is_valid(plate)


@pytest.mark.parametrize(
    "text",
    ["浙A1234", "浙A123456", "浙I12345", "浙O12345", "国A12345", "浙A1234O", "浙AABCDE", "浙112345", "A12345", ""],
)
def test_no_plates(text: str) -> None:
    """Wrong lengths, no I and O, no such province, hardly a digit."""
    assert not NUMBERS["license_plate"].is_valid(text)


@pytest.mark.parametrize(
    ("kind", "number", "valid"),
    [
        ("passport", "E12345678", True),
        ("passport", "e 1234 5678", True),
        ("passport", "EA1234567", True),
        ("passport", "EI1234567", False),
        ("passport", "EO1234567", False),
        ("passport", "G12345678", True),
        ("passport", "SE1234567", True),
        ("passport", "PE1234567", True),
        ("passport", "K12345678", True),
        ("passport", "141234567", True),
        ("passport", "161234567", True),
        ("passport", "E1234567", False),
        ("passport", "E123456789", False),
        ("hk_macau_permit", "H12345678", True),
        ("hk_macau_permit", "M1234567801", True),
        ("hk_macau_permit", "CA1234567", True),
        ("hk_macau_permit", "W12345678", True),
        ("hk_macau_permit", "H123456789", False),
        ("hk_macau_permit", "X12345678", False),
        ("taiwan_permit", "12345678", True),
        ("taiwan_permit", "1234567890A", True),
        ("taiwan_permit", "T12345678", True),
        ("taiwan_permit", "123456789", False),
        ("taiwan_permit", "A12345678", False),
        ("email", "li.hua+a@mail.example.com", True),
        ("email", "LI@EXAMPLE.COM", True),
        ("email", "li@localhost", False),
        ("email", "@example.com", False),
        ("email", "li@example.", False),
    ],
)
def test_shapes(kind: str, number: str, valid: bool) -> None:
    """What people are given, and what only resembles it."""
    assert NUMBERS[kind].is_valid(number) is valid


@pytest.mark.parametrize(
    ("address", "official"),
    [
        ("xxgk@example.gov.cn", True),
        ("zhaosheng@sub.example.edu.cn", True),
        ("office@example.org", True),
        ("li.hua@example.com", False),
        ("gov.cn@example.com", False),
        ("li@notgov.cn", False),
    ],
)
def test_mail_domains_of_offices(address: str, official: bool) -> None:
    """The domain tells, not the name in front of it."""
    assert email.office(address) is official
