"""Documents with tagged names for training the name model: models/names/corpus/documents, and the labelled groups.

The former are written like the labelled groups of the tests (`personal.py`), by authors who had not seen the detector,
as examples of names that are also words; tests never use them. The groups `names.UNREAD` are not learnt from.
Copies with other names keep each person's role.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from prescan.quality.name_corpus import PRIVATE, PUBLIC, UNSURE, Mark, Sample, draw
from prescan.quality.personal import read_labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from prescan.quality.name_corpus import People
    from prescan.quality.personal import Labelled

#: Some authors tag the name of a child as `minor`, others what tells that somebody is one.
_ROLES: Final = {("person_name", False): PRIVATE, ("public_name", True): PUBLIC, ("minor", False): UNSURE}
#: Share of the names that a copy replaces by a word.
_WORDS: Final = 0.25
_RENAMED: Final = (2, 3)
"""Lengths of the names that copies replace."""


def tagged(
    folder: Path, people: People, words: Sequence[tuple[str, float]], turns: int, weight: float
) -> Iterator[Sample]:
    """Yield the documents below `folder`, once as written and then with other names.

    `words` are ordinary words that begin with a surname; some of the other names are such words. Raises PrescanError as
    `read_labelled` does.
    """
    for document in read_labelled(folder):
        for turn in range(turns):
            seed = f"documents/{document.name}/{turn}"
            yield _copy(document, seed, people if turn else None, words, weight / turns)


def _copy(
    document: Labelled, seed: str, people: People | None, words: Sequence[tuple[str, float]], weight: float
) -> Sample:
    chance = random.Random(seed)  # noqa: S311  not a secret
    others: dict[str, str] = {}
    marks: list[Mark] = []
    pieces: list[str] = []
    at = length = 0
    for gold in document.golds:
        role = _ROLES.get((gold.kind, gold.decoy))
        if role is None:
            continue
        before, value = document.text[at : gold.start], document.text[gold.start : gold.end]
        name = "".join(value.split())
        if people is not None and role != UNSURE and len(name) in _RENAMED:
            if name not in others:
                word = chance.random() < _WORDS
                others[name] = draw(words, chance) if word else people.name(chance, len(name))
            value = _spaced_like(value, others[name])
        length += len(before)
        marks.append(Mark(length, length + len(value), role))
        length += len(value)
        pieces += [before, value]
        at = gold.end
    return Sample(seed, "".join(pieces) + document.text[at:], tuple(marks), weight)


def _spaced_like(written: str, name: str) -> str:
    """Write a name of two characters with the same space as `written`."""
    return name[0] + written[1:-1] + name[1] if len(name) == 2 else name  # noqa: PLR2004
