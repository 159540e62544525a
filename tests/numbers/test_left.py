"""How many values a mask leaves, against figures counted by hand and by trying every number."""

from __future__ import annotations

import random

import pytest

from prescan.numbers import NUMBERS, resident_id
from prescan.numbers.id_left import NOTHING, Known, left
from prescan.numbers.safe_mask import LEFT, compact_shown, is_weak, masked_like, remaining, safe_mask
from prescan.quality.generate import GENERATORS

BORN = Known(births=frozenset({"19910203"}))


@pytest.mark.parametrize(
    ("shown", "known", "low", "high"),
    [
        ("11010119910203***8", NOTHING, 90, 92),  # serial hidden, check digit seen
        ("11010119910203***8", Known(male=False), 45, 46),
        ("110101********0028", NOTHING, 3_200, 3_400),  # birth date hidden
        ("110101********0028", Known(births=frozenset({"1991????"})), 30, 36),
        ("110101********0028", Known(births=frozenset({"199102??"})), 1, 4),
        ("110101********0028", BORN, 1, 1),
        ("11010119910203****", NOTHING, 1_000, 1_000),
        ("110101910203***", NOTHING, 1_000, 1_000),  # fifteen digits have no check digit
        ("11*************028", NOTHING, 3_000, 10**9),
    ],
)
def test_the_candidates_of_a_masked_id(shown, known, low, high):
    assert low <= left(shown, known) <= high


def test_the_count_is_what_trying_every_number_gives():
    shown = "1101011991020***2*"
    tried = [f"1101011991020{middle:03}2" for middle in range(1_000)]
    valid = {n + check for n in tried for check in "0123456789X" if resident_id.is_valid(n + check)}
    dates = {n for n in valid if n[6:14] <= "19910209"}
    assert left(shown, NOTHING) == len(dates)


def test_somebody_elses_birth_date_says_nothing():
    assert left("110101199102030***", Known(births=frozenset({"19870605"}))) == left("110101199102030***", NOTHING)


def test_a_wrong_check_digit_does_not_hide_the_rest():
    assert {left(f"110101********002{check}", BORN) for check in "0123456789X"} == {1}


@pytest.mark.parametrize(
    ("number", "shown", "weak"),
    [
        ("mobile_phone", "138****8000", False),
        ("mobile_phone", "1380013**00", True),
        ("bank_card", "622202*********0018", False),
        ("bank_card", "622202000000000**18", True),
        ("resident_id", "11*************028", False),
        ("resident_id", "11010119020314****", True),
        ("disability_certificate", "110101********002844", False),
        ("disability_certificate", "11010119020314****44", True),
    ],
)
def test_a_thousand_candidates_are_few(number, shown, weak):
    assert is_weak(number, shown) is weak


def test_what_is_known_without_the_mask_is_not_its_fault():
    everything = Known(births=frozenset({"19910203"}), male=True, divisions=frozenset({"110101"}))
    assert remaining("resident_id", "*" * 18, everything) == 500
    assert not is_weak("resident_id", "*" * 18, everything)


@pytest.mark.parametrize("number", LEFT)
@pytest.mark.parametrize("profile", ["", "110101********0028", "12345678901****", "*"])
def test_our_own_masks_are_never_weak(number, profile):
    chance = random.Random(f"{number}{profile}")
    for _ in range(12):
        value = GENERATORS.get(number, GENERATORS["resident_id"])(chance)
        number_inside = next((n for n in (value, value[1:], value[:18]) if resident_id.is_valid(n)), "")
        for known in (NOTHING, Known(births=frozenset({number_inside[6:14]} - {""})), BORN):
            masked = safe_mask(number, value, known, profile=profile)
            assert len(masked) == len(value)
            assert all(shown in {"*", char} for shown, char in zip(masked, value, strict=True))
            assert not is_weak(number, compact_shown(masked), known)


def test_an_office_may_write_its_masks_otherwise():
    assert safe_mask("mobile_phone", "138-0013-8000", profile="1*********0") == "1**-****-***0"
    assert safe_mask("passport", "E12345678", profile="E****5678") == "E****5678"
    assert masked_like("12", "123*45") == "**"  # too short for the example
    assert set(NUMBERS) >= set(LEFT)


@pytest.mark.parametrize("number", sorted(NUMBERS.keys() & GENERATORS.keys() - {"uscc"}))
def test_every_number_has_a_mask_that_hides_some_of_it(number):
    chance = random.Random(number)
    for _ in range(20):
        value = GENERATORS[number](chance)
        masked = safe_mask(number, value)
        assert len(masked) == len(value)
        assert masked.count("*") >= 3
        assert all(shown in {"*", char} for shown, char in zip(masked, value, strict=True))
