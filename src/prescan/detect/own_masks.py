"""How the values of findings are masked: by the office's profile, and never so that the row gives the value away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.detect.address import mask_address
from prescan.detect.date import mask_date
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

#: What the words of types.MASK_WORDS do.
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
    """Return the candidates with `masked` as it may be shown.

    `profile` is Settings.masks: finding type → an example of a masked value, or a word. The same value is masked
    alike wherever it stands, as the place that says most of its holder asks.
    """
    facts = Facts(reading, candidates)
    standing = already_masked(reading) if any(rules[c.rule_id].number in LEFT for c in candidates) else []
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
            if _counts_on(number):  # our own masks hide the birth date; an office's may show it
                known = facts.known(candidate.start, candidate.end, dates_only=not example)
            shown[place] = _not_completing(number, value, safe_mask(number, value, known, profile=example), standing)
            key = keys[place] = compact_shown(value)
            strictest[key] = min(shown[place], strictest.get(key, shown[place]), key=_seen)
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


def _not_completing(number: str, value: str, mask: str, standing: Sequence[str]) -> str:
    """Return a mask that with none of the masks that stand in the document gives the value away."""
    shown = compact_shown(mask)
    rivals = [other for other in standing if len(other) == len(shown)]
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


def _counts_on(number: str) -> bool:
    """Tell whether what is said of the holder tells something of the number."""
    return number not in {"mobile_phone", "bank_card", "mistyped_id"}


def _seen(mask: str) -> int:
    return sum(char.isalnum() for char in mask)


def _as_strict(mask: str, strict: str | None, value: str) -> str:
    """Return a mask of `value` that shows no more than the strictest of equal values, in its own layout."""
    if strict is None or _seen(strict) >= _seen(mask):
        return mask
    shown = iter(compact_shown(strict))
    return "".join(
        HIDDEN if (char.isalnum() or char in "×✕") and next(shown, HIDDEN) == HIDDEN else char for char in value
    )
