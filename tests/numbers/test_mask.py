"""A masked value never shows more than promised, whatever is masked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescan.numbers import NUMBERS

#: Characters of the value left to see, at most; an organisation's code is public.
SHOWN = {
    "resident_id": 5,
    "bank_card": 4,
    "mobile_phone": 7,
    "passport": 4,
    "hk_macau_permit": 4,
    "taiwan_permit": 4,
    "license_plate": 4,
}
#: Separators, soft wraps and invisible characters a value may be written with.
_LAYOUT = " -.·\u3000\xa0\n\r\u200b\u00ad\ufeff()（）+—"
_WRITTEN = st.text("0123456789Xx×✕１２Ｘ٣浙A" + _LAYOUT, max_size=40)


def characters(text: str) -> int:
    """Return how many characters of a value are in `text`."""
    return sum(char.isalnum() or char in "×✕" for char in text)


@pytest.mark.parametrize("kind", SHOWN)
@given(text=_WRITTEN)
@settings(max_examples=150, deadline=None)
def test_at_most_so_many_characters_are_shown(kind: str, text: str) -> None:
    """First and last few; the length and the layout stay, so that the place can be recognised."""
    masked = NUMBERS[kind].mask(text)
    assert characters(masked) <= SHOWN[kind]
    assert len(masked) == len(text)
    assert all(shown in ("*", char) for shown, char in zip(masked, text, strict=True))
    assert all(shown == char for shown, char in zip(masked, text, strict=True) if not characters(char))


@given(_WRITTEN)
@settings(max_examples=150, deadline=None)
def test_a_landline_loses_its_last_four_digits(text: str) -> None:
    """Area code and exchange may be seen."""
    masked = NUMBERS["landline_phone"].mask(text)
    hidden = [char for shown, char in zip(masked, text, strict=True) if shown != char]
    digits = [char for char in text if char.isdecimal()]
    assert hidden == digits[-4:]


@given(st.text("abcXYZ019._%+-李", min_size=1, max_size=30))
@settings(max_examples=150, deadline=None)
def test_a_mail_address_keeps_one_character_of_the_name(local: str) -> None:
    """The domain may be seen."""
    masked, at, domain = NUMBERS["email"].mask(local + "@example.com").partition("@")
    assert (at, domain, len(masked)) == ("@", "example.com", len(local))
    assert characters(masked) == min(1, characters(local))


@pytest.mark.parametrize(
    ("kind", "text", "masked"),
    [
        ("resident_id", "110101 19020314 0028", "11**** ******** *028"),
        ("resident_id", "11010119020314001✕", "11*************01✕"),
        ("resident_id", "１１０１０１１９０２０３１４００２８", "１１*************０２８"),
        ("resident_id", "110101020314002", "11**********002"),
        ("resident_id", "1101\n0119\u200b0203140028", "11**\n****\u200b*******028"),
        ("bank_card", "6222-0200-0000-0000-018", "****-****-****-***0-018"),
        ("mobile_phone", "138-0013-8000", "138-****-8000"),
        ("landline_phone", "(0999)8812345", "(0999)881****"),
        ("passport", "EA1234567", "EA*****67"),
        ("license_plate", "粤Z·1234港", "粤Z·***4港"),
        ("email", "li.hua@example.com", "l*.***@example.com"),
        ("uscc", "91350100M000100Y43", "91350100M000100Y43"),
    ],
)
def test_masks_as_they_are_printed(kind: str, text: str, masked: str) -> None:
    """The formats of the guidelines."""
    assert NUMBERS[kind].mask(text) == masked
