"""Numbers with a check digit: what counts, what does not, and that no slip of one digit passes."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescan.numbers import BORN, NUMBERS, InvalidNumber, bank_card, resident_id, uscc
from prescan.numbers.checks import luhn, mod_11_2, mod_31

_PROVINCES = st.sampled_from(["110101", "330102", "440305", "540102", "650102", "810000", "820000", "830000"])
_BORN = st.dates(datetime.date(1900, 1, 1), datetime.date(1905, 12, 31)).map("{:%Y%m%d}".format)
_SERIAL = st.integers(1, 999).map("{:03d}".format)
IDS = st.builds("{}{}{}".format, _PROVINCES, _BORN, _SERIAL).map(lambda body: body + mod_11_2(body))
CARDS = st.builds(
    lambda size, rest: next(card for digit in range(10) if luhn(card := f"622202{rest:0{size - 7}d}{digit}")),
    st.integers(16, 19),
    st.integers(0, 999),
)
CODES = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9).map(
    lambda organ: f"91110101{organ}{mod_31(f'91110101{organ}')}"
)


def fault(kind: str, text: str) -> str:
    """Return what is wrong with a number, or nothing."""
    try:
        NUMBERS[kind].validate(text)
    except InvalidNumber as error:
        return error.part
    return ""


def test_the_error_never_holds_the_number() -> None:
    """It ends up in logs."""
    with pytest.raises(InvalidNumber) as caught:
        resident_id.validate("110101190203140029")
    assert (str(caught.value), caught.value.part) == ("checksum", "checksum")


@given(IDS, CARDS, CODES)
@settings(max_examples=200, deadline=None)
def test_right_check_digits_are_accepted(person: str, card: str, organ: str) -> None:
    """Whatever the division, date, serial number and length."""
    assert [resident_id.validate(person), bank_card.validate(card), uscc.validate(organ)] == [person, card, organ]


@given(IDS | CARDS, st.integers(0, 18), st.integers(1, 9))
@settings(max_examples=400, deadline=None)
def test_one_wrong_digit_is_never_valid(number: str, place: int, step: int) -> None:
    """MOD 11-2 and Luhn catch every single slip."""
    place %= len(number)
    kind = resident_id if number[-1] == "X" or resident_id.is_valid(number) else bank_card
    wrong = "0" if number[place] == "X" else str((int(number[place]) + step) % 10)
    assert kind.is_valid(number)
    assert not kind.is_valid(number[:place] + wrong + number[place + 1 :])


@given(IDS, st.integers(0, 16))
@settings(max_examples=200, deadline=None)
def test_two_digits_of_an_id_swapped_are_never_valid(number: str, place: int) -> None:
    """Unless they are equal, or the last one is X."""
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert resident_id.is_valid(swapped) == (swapped == number)


@given(CODES, st.integers(8, 16), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
@settings(max_examples=200, deadline=None)
def test_one_wrong_character_of_a_credit_code_is_never_valid(code: str, place: int, char: str) -> None:
    """MOD 31 catches it."""
    assert uscc.is_valid(code[:place] + char + code[place + 1 :]) == (char == code[place])


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("110101020314002", ""),
        ("650102051231003", ""),
        ("110101020230002", "component"),
        ("110101021301002", "component"),
        ("110101020400002", "component"),
        ("990101020314002", "component"),
        ("11010102031400X", "length"),
        ("11010102031400", "length"),
        ("1101010203140020", "length"),
    ],
)
def test_the_old_id_of_15_digits(number: str, wrong: str) -> None:
    """Born 19YY, no check digit: the date and the province alone decide."""
    assert fault("resident_id", number) == wrong


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("11010119000101001", ""),
        ("11010119040229001", ""),
        ("11010119030229001", "component"),
        ("11010119020230001", "component"),
        ("11010119021301001", "component"),
        ("11010119020100001", "component"),
        ("11010118791231001", "component"),
        ("11010199990101001", "component"),
        ("99010119020314001", "component"),
        ("84000019020314001", "component"),
        ("81000019020314001", ""),
        ("82000019020314001", ""),
        ("83000019020314001", ""),
    ],
)
def test_an_id_of_18_digits_with_a_right_check_digit(body: str, wrong: str) -> None:
    """30 February, leap years, births yet to come, unknown provinces; 港澳台居民居住证 count."""
    assert fault("resident_id", body + mod_11_2(body)) == wrong


@pytest.mark.parametrize(("year", "wrong"), [(2031, ""), (2099, ""), (2100, "component")])
def test_a_number_is_the_same_on_any_day(year: int, wrong: str) -> None:
    """Whether somebody is born yet is asked where the day of the scan is known."""
    body = f"110101{year}0502001"
    assert fault("resident_id", body + mod_11_2(body)) == wrong


@pytest.mark.parametrize(
    ("name", "text", "born"),
    [
        ("resident_id", "110101190203140028", datetime.date(1902, 3, 14)),
        ("resident_id", "110101020314002", datetime.date(1902, 3, 14)),
        ("foreign_resident_id", "911840190405060010", datetime.date(1904, 5, 6)),
        ("foreign_resident_id", "USA110100000001", None),
        ("disability_certificate", "11010119020314002844", datetime.date(1902, 3, 14)),
        ("student_id", "G110101190203140028", datetime.date(1902, 3, 14)),
        ("student_id", "20210001", None),
        ("practitioner_certificate", "200011110110101190203140028", datetime.date(1902, 3, 14)),
    ],
)
def test_a_valid_number_says_when_somebody_was_born(name: str, text: str, born: datetime.date | None) -> None:
    """If its form does."""
    assert NUMBERS[name].is_valid(text)
    assert BORN[name](text) == born


@pytest.mark.parametrize("last", list("XxＸｘХхΧχ×✕"))
def test_every_way_to_write_the_last_x(last: str) -> None:
    """Lower case, full-width, Cyrillic, Greek, the multiplication signs."""
    assert resident_id.validate("11010119020314001" + last) == "11010119020314001X"


@pytest.mark.parametrize(
    "text", ["1101X119020314001X", "X10101190203140028", "11010119020314001Y", "1101011902031400*8"]
)
def test_an_x_stands_at_the_end_only(text: str) -> None:
    """Nowhere else, and no other letter."""
    assert fault("resident_id", text) == "length"


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("6222020000000007", ""),
        ("6222020000000000018", ""),
        ("62220200000000019", "checksum"),
        ("622202000000000", "length"),
        ("62220200000000000018", "length"),
        ("", "length"),
        ("1222020000000009", "component"),
        ("0000000000000000", "component"),
        ("6222020000000000010", "checksum"),
    ],
)
def test_bank_cards(number: str, wrong: str) -> None:
    """16 to 19 digits, an issued prefix, Luhn."""
    assert fault("bank_card", number) == wrong


@pytest.mark.parametrize(
    ("groups", "natural"),
    [
        ([4, 4, 4, 4, 3], True),
        ([4, 4, 4, 4], True),
        ([6, 13], True),
        ([16, 3], False),
        ([2, 17], False),
        ([4, 4, 11], False),
        ([1] * 16, False),
    ],
)
def test_groups_of_card_digits(groups: list[int], natural: bool) -> None:
    """Fours, or the prefix and the rest."""
    assert bank_card.natural_groups(groups) is natural


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("91350100M000100Y43", ""),
        ("91350100m000100y43", ""),
        ("9135 0100 M000 100Y 43", ""),
        ("91350100M000100Y44", "checksum"),
        ("91350100I000100Y43", "format"),
        ("91350100M000100Y4", "format"),
        ("81350100M000100Y43", "format"),
        ("110101190203140028", "checksum"),
    ],
)
def test_credit_codes(code: str, wrong: str) -> None:
    """No I, O, S, V, Z; an ID is none."""
    assert fault("uscc", code) == wrong
