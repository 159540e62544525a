"""Trains the landline model: `python -m prescan.quality.landlines`. Groups that nobody has read are not used.

Training data: all landlines of the labelled groups on personal data (a person's or an office's, as their authors
tagged them), of the examples of the rules for landlines, and, as offices', of the public documents of the attribute
corpus, the clean texts and the everyday pages. `python -m prescan.quality.landlines groups` measures each group by a
model that has not learnt it.
"""

from __future__ import annotations

import dataclasses
import itertools
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.detect import Compiled
from prescan.detect.landline import FORMAT, LandlineModel, features
from prescan.detect.number import find_numbers
from prescan.quality.attribute import TRAINING
from prescan.quality.linear import Features
from prescan.quality.names import LEARNT
from prescan.quality.personal import read_labelled
from prescan.quality.selftest import reading_of, without_marks
from prescan.quality.taught import clean_texts, everyday_pages, public_documents
from prescan.resources import resource_dir
from prescan.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from prescan.detect.odds import Keys
    from prescan.rules import RuleBase

_TYPE: Final = "landline_phone"
_STRENGTH: Final = 30.0
_LEAST: Final = -1.0
_GROUPS: Final = "groups"
_OF_RULES, _QUIET = "rules", "quiet"
#: Weights of rows: texts that only hold offices' numbers are many; the examples of the rules must hold.
_SHARES: Final = {_QUIET: 0.3, _OF_RULES: 2.0}


class Row(NamedTuple):
    """A landline: where its text is from, what stands around it, whether it is a private person's."""

    group: str
    keys: Keys
    private: bool


def read_rows(root: Path) -> list[Row]:
    """Return the landlines of all training texts below `root`."""
    base = load_rules()
    compiled = Compiled(_only_landlines(base))
    rows: list[Row] = []
    for group in LEARNT:
        for document in read_labelled(root / "tests" / "quality" / "personal" / group):
            tagged = [(gold.start, gold.end) for gold in document.golds if gold.kind == _TYPE and not gold.decoy]
            rows += _rows(group, document.text, tagged, compiled)
    for rule in base.rules:
        if rule.type == _TYPE:
            for example in rule.find:
                text, marked = without_marks(example)
                rows += _rows(_OF_RULES, text, marked or [(0, len(text))], compiled, only_tagged=True)
            for example in rule.passes:
                rows += _rows(_OF_RULES, example, (), compiled)
    everyday = (text for _, text in everyday_pages(root))
    for text in itertools.chain(clean_texts(), public_documents(TRAINING), everyday):
        rows += _rows(_QUIET, text, (), compiled)
    return rows


def train(rows: Sequence[Row]) -> LandlineModel:
    """Train the model on rows; the same rows give the same model."""
    features_of = Features([row.keys for row in rows])
    shares = [_SHARES.get(row.group, 1.0) for row in rows]
    weights, bias = features_of.fit([row.private for row in rows], _STRENGTH, shares)
    return LandlineModel(features_of.keys, weights[:, 0], features_of.rarity, float(bias[0]), _LEAST)


def measured(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a line for each group: how a model that has not learnt it tells its landlines."""
    for group in dict.fromkeys(row.group for row in rows):
        model = train([row for row in rows if row.group != group])
        told = [(row.private, model.of(row.keys) >= model.least) for row in rows if row.group == group]
        hits, misses, alarms = (told.count(pair) for pair in ((True, True), (True, False), (False, True)))
        yield f"{group}\t{hits}/{hits + misses}\t误 {alarms}/{len(told) - hits - misses}"


def _only_landlines(base: RuleBase) -> RuleBase:
    """Return the rules with one for all landlines in place of those that know labels."""
    asked = next(rule for rule in base.rules if rule.whose)
    others = (rule for rule in base.rules if rule.kind == "number" and rule.type != _TYPE)
    return dataclasses.replace(base, rules=(*others, dataclasses.replace(asked, whose=False, unless=())))


def _rows(
    group: str, text: str, tagged: Sequence[tuple[int, int]], compiled: Compiled, *, only_tagged: bool = False
) -> Iterator[Row]:
    reading = reading_of(text)
    for found in find_numbers(reading, compiled):
        if found.type == _TYPE and found.start is not None and found.end is not None:
            private = any(start < found.end and found.start < end for start, end in tagged)
            if private or not only_tagged:
                yield Row(group, features(reading, found.start, found.end), private)


def main(task: str = "") -> int:
    """Train and write the model; with "groups" print the figures of groups that are left out."""
    models = resource_dir("models")
    rows = read_rows(models.parent)
    if task == _GROUPS:
        print(*measured(rows), sep="\n")
        return 0
    model = train(rows)
    print(model.write(models / "landlines", FORMAT, least=model.least), len(model.keys))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
