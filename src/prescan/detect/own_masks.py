"""Masks the values of findings after the office's settings, but never so little that the row gives the value away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.detect.address import mask_address
from prescan.detect.birth import mask_date
from prescan.detect.known import Facts
from prescan.detect.weak_mask import already_masked, together
from prescan.numbers.checks import hide
from prescan.numbers.id_left import HIDDEN, NOTHING
from prescan.numbers.safe_mask import LEFT, compact_shown, is_weak, safe_mask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prescan.detect.reading import Reading
    from prescan.rules import Rule
    from prescan.types import Candidate

#: What each word of types.MASK_WORDS does, by finding type.
_WORDS: Final[dict[tuple[str, str], Callable[[str], str]]] = {
    ("address", "乡镇"): mask_address,
    ("address", "区县"): lambda text: mask_address(text, "county"),
    ("birth_date", "年"): mask_date,
    ("person_name", "姓"): lambda text: text[0] + HIDDEN * (sum(not char.isspace() for char in text) - 1),
}


def _hidden(text: str) -> str:
    return HIDDEN * len(text)


def masked(
    candidates: Sequence[Candidate], reading: Reading, rules: Mapping[str, Rule], profile: Mapping[str, str]
) -> list[Candidate]:
    """Return the candidates with their `masked` set.

    `profile` is Settings.masks: finding type → an example of a masked value, or a word. A value that occurs several
    times is masked the same way everywhere: as strictly as needed at the place that tells most about its holder.
    """
    facts = Facts(reading, candidates)
    masked_already = already_masked(reading) if any(rules[c.rule_id].number in LEFT for c in candidates) else []
    shown: dict[int, str] = {}
    keys: dict[int, str] = {}
    strictest: dict[str, str] = {}
    for place, candidate in enumerate(candidates):
        number = rules[candidate.rule_id].number
        example = profile.get(candidate.type, "")
        if candidate.start is None or candidate.end is None:
            continue
        value = reading.text[candidate.start : candidate.end]
        if number in LEFT:
            known = NOTHING
            if _depends_on_holder(number):  # our own masks hide the birth date; an office's may show it
                known = facts.known(candidate.start, candidate.end, dates_only=not example)
            mask = safe_mask(number, value, known, profile=example)
            shown[place] = _not_completing(number, value, mask, masked_already)
            key = keys[place] = compact_shown(value)
            strictest[key] = min(shown[place], strictest.get(key, shown[place]), key=_characters_shown)
        elif number and example:
            shown[place] = safe_mask(number, value, profile=example)
        elif example:
            shown[place] = _WORDS.get((candidate.type, example), _hidden)(value)
    return [
        replace(
            candidate,
            masked=_as_strict(
                shown[place], strictest.get(keys.get(place, "")), reading.text[candidate.start : candidate.end]
            ),
        )
        if place in shown
        else candidate
        for place, candidate in enumerate(candidates)
    ]


def _not_completing(number: str, value: str, mask: str, masked_already: Sequence[str]) -> str:
    """Return a mask of `value` that does not give it away together with a masked value of the document."""
    shown = compact_shown(mask)
    rivals = [other for other in masked_already if len(other) == len(shown)]
    if not any(_completes(number, shown, other) for other in rivals):
        return mask
    first, last = len(shown.partition(HIDDEN)[0]), len(shown.rpartition(HIDDEN)[2])
    tries = [(first, keep) for keep in range(last - 1, -1, -1)] + [(keep, 0) for keep in range(first - 1, -1, -1)]
    found = (hide(value, *kept) for kept in tries)
    return next(
        (tried for tried in found if not any(_completes(number, compact_shown(tried), other) for other in rivals)),
        hide(value, 0, 0),
    )


def _completes(number: str, shown: str, other: str) -> bool:
    both = together(shown, other)
    return both not in {"", other} and is_weak(number, both)


def _depends_on_holder(number: str) -> bool:
    """Return whether facts about the holder (birth date, sex, division) tell parts of the number."""
    return number not in {"mobile_phone", "bank_card", "mistyped_id"}


def _characters_shown(mask: str) -> int:
    return sum(char.isalnum() for char in mask)


def _as_strict(mask: str, strict: str | None, value: str) -> str:
    """Return a mask of `value` that shows no more than the strictest of equal values, in its own layout."""
    if strict is None or _characters_shown(strict) >= _characters_shown(mask):
        return mask
    shown = iter(compact_shown(strict))
    return "".join(
        HIDDEN if (char.isalnum() or char in "×✕") and next(shown, HIDDEN) == HIDDEN else char for char in value
    )
