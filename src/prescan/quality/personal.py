"""How well personal data is found: labelled documents, a scorer, floors. `make evaluate`.

A labelled document is text with inline tags: `[[person_name:周望舒]]`, `[[resident_id|spaced]]` (generated), and decoys
`[[!order_no]]` that must not be found. Written by hands that had seen neither rules nor detectors.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import regex

from prescan.quality.generate import FORMS, GENERATORS
from prescan.resources import finding_types
from prescan.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TAG = regex.compile(r"\[\[(?P<decoy>!)?(?P<kind>[a-z_]+)(?::(?P<value>[^\]|]*))?(?:\|(?P<form>[a-z0-9]+))?\]\]")
#: Types scored; a finding of any other type is not about personal data.
CATEGORIES: Final = frozenset({"personal", "sensitive_personal"})
_HALF: Final = 0.5
#: Kinds whose values only an attentive reader could call right: reported, not scored.
_OPTIONAL: Final = {"bad_resident_id": "resident_id"}


@dataclass(frozen=True, slots=True)
class Gold:
    """One tagged place."""

    kind: str
    start: int
    end: int
    form: str = "plain"
    decoy: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with its tags resolved."""

    name: str
    genre: str
    text: str = field(repr=False)
    golds: tuple[Gold, ...] = field(repr=False)


@dataclass
class Score:
    """Counts of one evaluation."""

    hits: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    alarms: Counter[str] = field(default_factory=Counter)
    exact: int = 0
    forms: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    decoys: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    optional: list[int] = field(default_factory=lambda: [0, 0])
    worst: list[str] = field(default_factory=list)

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
        figures["recall unusual"] = sum(p[0] for p in unusual) / max(1, sum(p[1] for p in unusual))
        figures["exact"] = self.exact / max(1, sum(self.hits.values()))
        figures["decoys quiet"] = 1 - flagged / max(1, decoys)
        return figures


def read_labelled(folder: Path, seed: int = 7) -> list[Labelled]:
    """Return the labelled documents below `folder`, values generated from `seed` and the file's name.

    Raises ValueError for an unknown tag.
    """
    documents = []
    for path in sorted(folder.rglob("*.txt")):
        head, _, body = path.read_text(encoding="utf-8").partition("---\n")
        genre = head.partition("genre:")[2].strip()
        name = path.relative_to(folder).as_posix()
        documents.append(_resolved(name, genre, body, random.Random(f"{seed}/{name}")))  # noqa: S311  not a secret
    return documents


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
            if finding.category in CATEGORIES and finding.start is not None and finding.end is not None
        ]
        _score_one(document, found, score)
    return score


def _score_one(document: Labelled, found: list[tuple[str, int, int]], score: Score) -> None:
    used: set[int] = set()
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
                score.worst.append(f"漏 {document.name} {gold.kind} {gold.form} “{_around(document, gold)}”")
            else:
                used.add(hit)
                score.hits[gold.kind] += 1
                score.exact += found[hit][1:] == (gold.start, gold.end)
    for number, (kind, start, end) in enumerate(found):
        if number not in used:
            score.alarms[kind] += 1
            score.worst.append(f"误 {document.name} {kind} “{_around(document, Gold(kind, start, end))}”")


def _matches(found: tuple[str, int, int], gold: Gold) -> bool:
    kind, start, end = found
    union = max(end, gold.end) - min(start, gold.start)
    return kind == gold.kind and (min(end, gold.end) - max(start, gold.start)) / union >= _HALF


def _around(document: Labelled, gold: Gold) -> str:
    """Return the place with its surroundings; evaluation documents hold invented people and generated numbers only."""
    shown = document.text[max(0, gold.start - 14) : gold.start] + "【" + document.text[gold.start : gold.end] + "】"
    return (shown + document.text[gold.end : gold.end + 8]).replace("\n", "⏎").replace("\t", "⇥")


def below_floor(figures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """Return what fell under its floor; floors only rise."""
    return [
        f"{name} {figures.get(name, 0.0):.3f} < {floor:.3f}"
        for name, floor in floors.items()
        if figures.get(name, 0.0) < floor
    ]


def main(folder: str, floors: str | None = None) -> int:
    """Print the table and the errors; with a floors file, return 1 if a figure is under its floor."""
    with Scanner() as scanner:
        score = evaluate(read_labelled(Path(folder)), scanner)
    print(f"{'':24}{'found':>7}{'missed':>8}{'false':>7}{'F1':>8}")
    for kind in finding_types():
        if score.hits[kind] + score.misses[kind] + score.alarms[kind]:
            row = (score.hits[kind], score.misses[kind], score.alarms[kind], score.f1([kind]))
            print(f"{kind:24}{row[0]:7}{row[1]:8}{row[2]:7}{row[3]:8.3f}")
    for name, value in score.summary().items():
        if not name.startswith("f1 ") or name in {"f1 numbers", "f1 all"}:
            print(f"{name:24}{value:8.3f}")
    print("by form:", {form: f"{hit}/{all_}" for form, (hit, all_) in score.forms.items() if all_})
    print("decoys flagged:", {kind: f"{hit}/{all_}" for kind, (hit, all_) in score.decoys.items() if hit})
    print("mistyped IDs beside a cue:", "/".join(map(str, score.optional)))
    for line in score.worst:
        print(line)
    failed = below_floor(score.summary(), json.loads(Path(floors).read_text(encoding="utf-8"))) if floors else []
    for line in failed:
        print("低于底线：", line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
