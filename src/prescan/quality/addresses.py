"""Fits the weights of `detect/address/weigh.py`: `python -m prescan.quality.addresses tests/quality` prints them.

Training data: the sentences in `address/` (homes.txt: each home between « and »; places.txt: no homes) and the
labelled documents of `personal/`, except the groups reserved for evaluation; the clean texts of the rules, where
nothing is a home. The shipped weights also used 60 published documents, as texts without homes; they are not
in the repository. Needs scikit-learn.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect.address.deep import deep_places
from prescan.detect.address.signs import Signs
from prescan.quality.personal import read_labelled
from prescan.quality.selftest import reading_of
from prescan.resources import resource_dir
from prescan.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Groups of labelled documents used for training.
LEARNED: Final = ("f", "g", "h", "i")
#: Weights with a smaller absolute value are left out.
_LEAST: Final = 0.15
_HALF: Final = 0.5


def sentences(path: Path) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield (text, spans of homes) of each line of a file; ⏎ is a line end, ⇥ a tab, « and » enclose homes."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pieces = regex.split("[«»]", line.replace("⏎", "\n").replace("⇥", "\t"))
            starts = [sum(map(len, pieces[:place])) for place in range(len(pieces))]
            homes = [(starts[place], starts[place] + len(pieces[place])) for place in range(1, len(pieces), 2)]
            yield "".join(pieces), homes


def training_texts(folder: Path) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield (text, spans of homes) of all training texts."""
    for name in ("homes.txt", "places.txt"):
        yield from sentences(folder / "address" / name)
    for group in LEARNED:
        for document in read_labelled(folder / "personal" / group):
            yield document.text, [(gold.start, gold.end) for gold in document.golds if gold.kind == "address"]
    for path in sorted((resource_dir("rules") / "clean").glob("*.txt")):
        yield path.read_text(encoding="utf-8"), []


def rows(folder: Path) -> Iterator[tuple[list[str], bool]]:
    """Yield the signs of each detailed place, and whether it is a home."""
    rule = next(rule for rule in load_rules().rules if rule.kind == "address")
    for text, homes in training_texts(folder):
        reading = reading_of(text)
        signs = Signs(rule, reading)
        for deep in deep_places(reading):
            start, end = reading.squeeze.span(deep.start, deep.end)
            yield signs.of(deep), any(_is_hit((start, end), home) for home in homes)


def _is_hit(found: tuple[int, int], home: tuple[int, int]) -> bool:
    shared = min(found[1], home[1]) - max(found[0], home[0])
    whole = max(found[1], home[1]) - min(found[0], home[0])
    return shared >= _HALF * whole or (home[0] <= found[0] and found[1] <= home[1])


def main() -> None:
    """Fit and print the weights, the strongest first."""
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415  1.8 s; only training needs it
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    training_rows = list(rows(Path(sys.argv[1])))
    vectorizer = DictVectorizer()
    signs = vectorizer.fit_transform([dict.fromkeys(row, 1) for row, _ in training_rows])
    model = LogisticRegression(C=1.0, max_iter=2000).fit(signs, [home for _, home in training_rows])
    print(f"_THRESHOLD: Final = {-model.intercept_[0]:.1f}")
    for name, weight in sorted(zip(vectorizer.feature_names_, model.coef_[0], strict=True), key=lambda pair: -pair[1]):
        if abs(weight) >= _LEAST:
            print(f'    "{name}": {weight:.1f},')


if __name__ == "__main__":
    main()
