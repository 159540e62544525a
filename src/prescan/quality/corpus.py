"""Labelled documents of `models/attribute/corpus`: reading, filling in numbers, and the check that none repeat.

A file is `key: value` lines, a line `---`, the text. The corpus holds no numbers of people: {ID}, {MOBILE}, {PHONE}
and {CARD} are filled in when it is read, valid in form and always the same for the same place.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, cast, get_args

import regex

from prescan.errors import PrescanError
from prescan.numbers.checks import luhn, mod_11_2
from prescan.types import Attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

SHINGLE: Final = 8
"""Characters; shorter runs repeat in any two documents of one kind."""
SIMILAR: Final = 0.15
"""Jaccard similarity of shingles from which two documents count as one with slots changed."""

_HEADER_END: Final = "\n---\n"
_PLACEHOLDER: Final = regex.compile(r"\{(ID|MOBILE|PHONE|CARD)\}")
_LABELS: Final = get_args(Attribute)
#: What two different documents may share: digits in any writing, and names of organs, places and people.
_NAMES_AND_NUMBERS: Final = regex.compile(
    r"[\d０-９〇零一二三四五六七八九十百千万]+|\p{Han}{1,4}(?:省|市|县|区|镇|乡|街道|村|局|厅|委员会)|[^\p{Han}]+"
)


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """One document written for prescan and what a person says about it."""

    path: Path
    group: str
    """The author's folder; documents of one group never stand on both sides of a split."""
    label: Attribute
    also: Attribute | None
    """A second label that can be defended."""
    kind: str
    clause: str
    reason: str
    difficulty: str
    """"easy" or "hard"."""
    text: str = field(repr=False)

    def accepts(self, attribute: str) -> bool:
        """Return whether `attribute` is the label or the second one."""
        return attribute in {self.label, self.also}


class Pair(NamedTuple):
    """Two documents that are too similar."""

    first: Path
    second: Path
    similarity: float


def read_corpus(folder: Path, groups: Iterable[str] | None = None) -> list[LabelledDocument]:
    """Return the documents of `groups` (default: all), ordered by path. Raises PrescanError if there are none."""
    paths = [path for path in sorted(folder.glob("*/*.txt")) if groups is None or path.parent.name in set(groups)]
    if not paths:
        raise PrescanError(f"{folder} 中没有标注文档，请核对语料目录")
    return [read_document(path) for path in paths]


def read_document(path: Path) -> LabelledDocument:
    """Return a labelled document with generated numbers. Raises PrescanError if its labels are incomplete."""
    header, rule, body = path.read_text(encoding="utf-8").partition(_HEADER_END)
    fields = dict(_key_value(line) for line in header.splitlines() if line.strip())
    label, also = fields.get("label", ""), fields.get("also", "")
    if not rule or label not in _LABELS or (also and also not in _LABELS):
        raise PrescanError(f"{path}：标注不完整，须有 label（{'、'.join(_LABELS)}）、可选的 also 和一行 ---")
    return LabelledDocument(
        path=path,
        group=path.parent.name,
        label=cast("Attribute", label),
        also=cast("Attribute", also) if also else None,
        kind=fields.get("kind", ""),
        clause=fields.get("clause", ""),
        reason=fields.get("reason", ""),
        difficulty=fields.get("difficulty", "easy"),
        text=fill(body.rstrip("\n"), f"{path.parent.name}/{path.name}"),
    )


def fill(text: str, seed: str) -> str:
    """Replace the placeholders by numbers that depend only on `seed` and the position.

    >>> fill("电话{PHONE}", "a/001.txt") == fill("电话{PHONE}", "a/001.txt")
    True
    """
    places = itertools.count()
    return _PLACEHOLDER.sub(lambda match: _MAKERS[match[1]](_digits(f"{seed}#{next(places)}")), text)


def similar_pairs(documents: Iterable[LabelledDocument], at_least: float = SIMILAR) -> list[Pair]:
    """Return the pairs whose shingles have a Jaccard similarity of `at_least`, most similar first."""
    documents_with_shingles = [(document.path, shingles(document.text)) for document in documents]
    pairs = (
        Pair(first, second, _similarity(ours, theirs))
        for (first, ours), (second, theirs) in itertools.combinations(documents_with_shingles, 2)
    )
    return sorted((pair for pair in pairs if pair.similarity >= at_least), key=lambda pair: -pair.similarity)


def _similarity(ours: set[str], theirs: set[str]) -> float:
    """Return the Jaccard similarity of two sets. Their union is counted, not made: there are 100,000 pairs."""
    common = len(ours & theirs)
    return common / max(1, len(ours) + len(theirs) - common)


def shingles(text: str) -> set[str]:
    """Return the 8-character runs of a text without names and numbers."""
    words = _NAMES_AND_NUMBERS.sub("", text)
    return {words[at : at + SHINGLE] for at in range(len(words) - SHINGLE + 1)}


def _key_value(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    return key.strip(), value.strip()


def _digits(seed: str) -> str:
    """Return 40 pseudo-random digits that depend only on `seed`."""
    return str(int(hashlib.sha256(seed.encode()).hexdigest(), 16)).zfill(78)[-40:]


def _resident_id(chance: str) -> str:
    """Return a valid number of somebody born before 1914, so that it belongs to no living person."""
    born = f"19{int(chance[:4]) % 14:02}{int(chance[4:6]) % 12 + 1:02}{int(chance[6:8]) % 28 + 1:02}"
    body = f"110101{born}{chance[8:11]}"
    return body + mod_11_2(body)


def _bank_card(chance: str) -> str:
    body = "6222020000" + chance[:8]
    return next(body + last for last in "0123456789" if luhn(body + last))


_MAKERS: Final[Mapping[str, Callable[[str], str]]] = {
    "ID": _resident_id,
    "MOBILE": lambda chance: "1380000" + chance[:4],
    "PHONE": lambda chance: "0571-8" + chance[:7],
    "CARD": _bank_card,
}
