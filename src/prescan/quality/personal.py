"""Measures how well personal data is found: labelled documents and scores, printed by `prescan evaluate`.

A labelled document is text with inline tags: `[[person_name:周望舒]]`, `[[resident_id|spaced]]` (generated), and decoys
`[[!order_no]]` that must not be found. The authors had seen neither rules nor detectors.
"""

from __future__ import annotations

import difflib
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import regex

from prescan.errors import PrescanError
from prescan.quality.generate import FORMS, GENERATORS
from prescan.resources import finding_types
from prescan.types import PERSONAL_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from prescan.scanner import Scanner

_TAG = regex.compile(r"\[\[(?P<decoy>!)?(?P<kind>[a-z_]+)(?::(?P<value>[^\]|]*))?(?:\|(?P<form>[a-z0-9]+))?\]\]")
_HALF: Final = 0.5
#: A kind with fewer tagged places has no figure of its own, only together with others or over several groups.
COMMON: Final = 20
#: Kinds that are reported but not scored, because finding them is debatable.
_OPTIONAL: Final = {"bad_resident_id": "resident_id"}


@dataclass(frozen=True, slots=True)
class Gold:
    """A tagged place."""

    kind: str
    start: int
    end: int
    form: str = "plain"
    decoy: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with its tags replaced by values."""

    name: str
    genre: str
    text: str = field(repr=False)
    golds: tuple[Gold, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A missed place or a false alarm."""

    missed: bool
    document: Labelled = field(repr=False)
    place: Gold
    found: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    """All spans found in the document."""


@dataclass
class Score:
    """The counts of an evaluation."""

    hits: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    """Hits with the exact span."""
    forms: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    decoys: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    optional: list[int] = field(default_factory=lambda: [0, 0])
    mistakes: list[Mistake] = field(default_factory=list)

    def recall(self, kind: str, *, exact: bool = False) -> float:
        """Return the share of a kind's tagged places that were found; `exact`: with the exact span."""
        return (self.exact if exact else self.hits)[kind] / max(1, self.hits[kind] + self.misses[kind])

    def precision(self, kind: str, *, exact: bool = False) -> float:
        """Return the share of a kind's findings that are right; `exact`: with the exact span."""
        return (self.exact if exact else self.hits)[kind] / max(1, self.hits[kind] + self.alarms[kind])

    def f1(self, kinds: Iterable[str]) -> float:
        """Return the F1 of some kinds pooled."""
        kinds = list(kinds)
        hits, misses, alarms = (sum(table[kind] for kind in kinds) for table in (self.hits, self.misses, self.alarms))
        return 2 * hits / (2 * hits + misses + alarms) if hits + misses + alarms else 0.0

    def summary(self) -> dict[str, float]:
        """Return the figures that have floors."""
        kinds = sorted({*self.hits, *self.misses})
        unusual = [pair for form, pair in self.forms.items() if form != "plain"]
        flagged, decoys = (sum(pair[place] for pair in self.decoys.values()) for place in (0, 1))
        figures = {f"f1 {kind}": self.f1([kind]) for kind in kinds}
        figures["f1 numbers"] = self.f1(kind for kind in kinds if kind in GENERATORS)
        figures["f1 all"] = self.f1(kinds)
        common = [kind for kind in kinds if self.hits[kind] + self.misses[kind] >= COMMON]
        figures["f1 macro"] = sum(self.f1([kind]) for kind in common) / max(1, len(common))
        figures["recall unusual"] = sum(p[0] for p in unusual) / max(1, sum(p[1] for p in unusual))
        figures["exact"] = sum(self.exact.values()) / max(1, sum(self.hits.values()))
        figures["decoys quiet"] = 1 - flagged / max(1, decoys)
        return figures


def read_labelled(folder: Path, seed: int = 7) -> list[Labelled]:
    """Return the labelled documents below `folder`; values depend on `seed` and the file's name only.

    Raises PrescanError: no documents, one that cannot be read, an unknown tag.
    """
    documents = []
    for path in sorted(folder.rglob("*.txt")):
        try:
            head, _, body = path.read_text(encoding="utf-8").partition("---\n")
        except (OSError, UnicodeDecodeError):
            raise PrescanError(f"无法读取 {path}，请检查权限，并存为 UTF-8") from None
        genre = head.partition("genre:")[2].strip()
        name = path.relative_to(folder).as_posix()
        _check_tags(path, body)
        documents.append(_resolved(name, genre, body, random.Random(f"{seed}/{name}")))  # noqa: S311  not a secret
    if not documents:
        raise PrescanError(f"{folder} 中没有标注文档（.txt），请核对目录")
    return documents


def _check_tags(path: Path, body: str) -> None:
    """Raise PrescanError for a tag with an unknown type, value or way of writing."""
    for tag in _TAG.finditer(body):
        known: Iterable[str] = () if tag["decoy"] else {*finding_types(), *_OPTIONAL}
        if tag["value"] is None and tag["kind"] not in GENERATORS:
            raise PrescanError(f"{path}：[[{tag['kind']}]] 没有可生成的值，请写成 [[{tag['kind']}:值]]")
        if not tag["decoy"] and tag["kind"] not in known:
            near = difflib.get_close_matches(tag["kind"], known, 1)
            raise PrescanError(f"{path}：没有 {tag['kind']} 这种类型" + (f"，最接近的是 {near[0]}" if near else ""))
        if tag["form"] and tag["form"] not in FORMS:
            raise PrescanError(f"{path}：没有 {tag['form']} 这种写法，可用的有 {'、'.join(FORMS)}")


def _resolved(name: str, genre: str, body: str, rng: random.Random) -> Labelled:
    pieces: list[str] = []
    golds, at, length = [], 0, 0
    for tag in _TAG.finditer(body):
        before = body[at : tag.start()]
        value = tag["value"] if tag["value"] is not None else GENERATORS[tag["kind"]](rng)
        form = tag["form"] or "plain"
        value = FORMS[form](value)
        length += len(before)
        golds.append(Gold(tag["kind"], length, length + len(value), form, decoy=bool(tag["decoy"])))
        length += len(value)
        pieces += [before, value]
        at = tag.end()
    return Labelled(name, genre, "".join(pieces) + body[at:], tuple(golds))


def evaluate(documents: Sequence[Labelled], scanner: Scanner) -> Score:
    """Return the score: a hit has the gold's type and overlaps it by half (intersection over union)."""
    score = Score()
    for document in documents:
        found = [
            (finding.type, finding.start, finding.end)
            for finding in scanner.scan_text(document.text).findings
            if finding.category in PERSONAL_CATEGORIES and finding.start is not None and finding.end is not None
        ]
        _score_one(document, found, score)
    return score


def _score_one(document: Labelled, found: list[tuple[str, int, int]], score: Score) -> None:
    used: set[int] = set()
    spans = tuple((start, end) for _, start, end in found)
    for gold in document.golds:
        touching = [number for number, (_, start, end) in enumerate(found) if start < gold.end and gold.start < end]
        if gold.decoy:
            score.decoys[gold.kind][0] += bool([n for n in touching if n not in used])
            score.decoys[gold.kind][1] += 1
        elif gold.kind in _OPTIONAL:
            score.optional[0] += any(found[number][0] == _OPTIONAL[gold.kind] for number in touching)
            score.optional[1] += 1
            used.update(touching)
        else:
            hit = next((n for n in touching if n not in used and _matches(found[n], gold)), None)
            score.forms[gold.form][0] += hit is not None and gold.kind in GENERATORS
            score.forms[gold.form][1] += gold.kind in GENERATORS
            if hit is None:
                score.misses[gold.kind] += 1
                score.mistakes.append(Mistake(missed=True, document=document, place=gold, found=spans))
            else:
                used.add(hit)
                score.hits[gold.kind] += 1
                score.exact[gold.kind] += found[hit][1:] == (gold.start, gold.end)
    for number, (kind, start, end) in enumerate(found):
        if number not in used:
            score.alarms[kind] += 1
            score.mistakes.append(Mistake(missed=False, document=document, place=Gold(kind, start, end), found=spans))


def _matches(found: tuple[str, int, int], gold: Gold) -> bool:
    kind, start, end = found
    union = max(end, gold.end) - min(start, gold.start)
    return kind == gold.kind and (min(end, gold.end) - max(start, gold.start)) / union >= _HALF


def pooled(scores: Iterable[Score]) -> Score:
    """Return several scores as one."""
    whole = Score()
    for score in scores:
        for name in ("hits", "misses", "alarms", "exact"):
            getattr(whole, name).update(getattr(score, name))
        for name in ("forms", "decoys"):
            for key, (hit, every) in getattr(score, name).items():
                pair = getattr(whole, name)[key]
                pair[0] += hit
                pair[1] += every
        whole.optional = [ours + theirs for ours, theirs in zip(whole.optional, score.optional, strict=True)]
        whole.mistakes += score.mistakes
    return whole


def below_floor(figures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """Return a line for each figure below its floor."""
    return [
        f"{name} {figures.get(name, 0.0):.3f} < {floor:.3f}"
        for name, floor in floors.items()
        if figures.get(name, 0.0) < floor
    ]
