"""Trains the statement model: `python -m prescan.quality.statements`.

Training data: the groups `GROUPS` of `tests/quality/personal` (never those of `names.UNREAD`) and the texts of
`models/statements/corpus`, tagged in the same way, and the examples of its rules. Each clause near a person is a row,
labelled by its tags, after what the other rules found there.

`python -m prescan.quality.statements groups` trains once without each of several sets of groups, and prints how well
their clauses are recognised at several thresholds.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from prescan import arrays
from prescan.detect import Compiled, detect
from prescan.detect.statement import rule_candidates
from prescan.detect.statement.clauses import clauses, shown
from prescan.detect.statement.extent import WHOLE, WORDS, parts
from prescan.detect.statement.model import FORMAT, PARTS, STEPS, Part, StatementModel, beside, features
from prescan.quality.linear import Features
from prescan.quality.personal import Gold, Labelled, read_labelled
from prescan.quality.selftest import reading_of
from prescan.quality.taught import MARKED
from prescan.resources import resource_dir
from prescan.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from prescan.detect.passage_model import Keys


GROUPS: Final = (*"fghijklnopqrsvxy", "aa", "ac", "ad", "ba", "bb", "bc", "bd")
#: Groups whose authors tag whole statements; of the others, whose tags are words, there are many more.
_STATEMENTS: Final = frozenset({"x", "y", "aa", "ac"})
_HEAVIER: Final = 3.0
#: Groups whose authors tag now words, now statements: from these is not learned where a statement ends.
_EITHER: Final = frozenset({"ac", "ad", "ba", "bb", "bc", "bd"})
#: Groups whose authors tag means too; of the others' clauses that is not known. Every author tags illness.
_COMPLETE: Final = frozenset({*"jklnqrsvxy", "aa", "ac", "ad", "ba", "bb", "bc", "bd"})
#: So much more weighs a clause that would be an alarm after the first fit, where its author tags such things.
_AGAIN: Final = 10.0
#: The probability from which it would be one.
_ALARM: Final = {"health": 0.25, "disability": 0.25, "financial_status": 0.2}
_SETS: Final = (
    ("ba",),
    ("bb",),
    ("bc",),
    ("bd",),
    ("ac",),
    ("aa",),
    ("x",),
    ("y",),
    tuple("fghij"),
    tuple("klno"),
    tuple("pqrsv"),
)
#: The types in the order of the columns; none of them first.
TYPES: Final = ("", *sorted(WORDS | WHOLE))
_LEAST: Final = {
    "health": 0.5,
    "disability": 0.5,
    "financial_status": 0.65,
    "criminal_record": 0.6,
    "religion": 0.48,
    "biometric": 0.5,
    "whereabouts": 0.45,
}
#: The same near words of the type that a rule has found.
_NEAR: Final = {"health": 0.78, "financial_status": 0.75, "disability": 0.6}
_WIDER: Final = 0.35
_IDLE: Final = 0.88
_STRENGTH: Final = {"kinds": 34.0, "widen": 30.0}
#: Features of `kinds` that weigh less in every class are left out.
_PRUNED: Final = 1.3
_HALF: Final = 0.5
_TOUCHES: Final = 4
_WEIGHT_AT_MOST: Final = 127


class Row(NamedTuple):
    """What is learned of one clause, or of the words of one rule in it."""

    keys: Keys
    label: int
    weight: float
    known: frozenset[str] = frozenset()
    """Types its author tags."""


def learned_from(root: Path, without: Iterable[str] = ()) -> Iterator[tuple[str, Labelled]]:
    """Yield (group, document) of everything learned, but for some groups; texts written for it are of group ""."""
    for group in GROUPS:
        if group not in without:
            for document in read_labelled(root / "tests" / "quality" / "personal" / group):
                yield group, document
    for document in read_labelled(resource_dir("models") / "statements" / "corpus"):
        yield "", document
    for rule in load_rules().rules:
        if rule.type in TYPES and rule.kind == "statement":
            yield from (("", _example(rule.type, example)) for example in (*rule.find, *rule.todo_find, *rule.passes))


def _example(kind: str, example: str) -> Labelled:
    """Return an example of a rule as a labelled document; what its rule is to find is marked «so»."""
    golds, text = [], ""
    for place, piece in enumerate(MARKED.split(example)):
        if place % 2:
            golds.append(Gold(kind, len(text), len(text) + len(piece)))
        text += piece
    return Labelled("", "", text, tuple(golds))


def compiled_without() -> Compiled:
    """Return the shipped rules without those of the model."""
    base = load_rules()
    return Compiled(replace(base, rules=tuple(rule for rule in base.rules if rule.kind != "statement")))


def rows(group: str, document: Labelled, compiled: Compiled) -> tuple[list[Row], list[Row]]:
    """Return what the two parts learn of a document."""
    reading = reading_of(document.text)
    found = detect(reading, compiled, "draft")
    held = list(clauses(reading, found))
    words = rule_candidates(reading, compiled, found, held)
    golds = [gold for gold in document.golds if gold.kind in TYPES and not gold.decoy]
    weight = _HEAVIER if group in _STATEMENTS else 1.0
    known = {"health", "disability"} | ({"financial_status"} if group in _COMPLETE else set())
    told, wider = [], []
    for index, clause in enumerate(held):
        span = reading.fold.span(clause.start, clause.end)
        here = words.get(index, [])
        kind = next((gold.kind for gold in golds if _is_of(span, gold)), "")
        keys = _sorted(features(clause, {one.type for one in here}))
        told.append(Row(keys, TYPES.index(kind), 1.0, frozenset(known)))
        for one in here:
            inside = parts(reading, clause, one)
            gold = next((g for g in golds if g.kind == one.type and _shared((one.start, one.end), g) > 0), None)
            if one.type in WORDS and inside and gold and group not in _EITHER:
                alone, whole = _iou((one.start, one.end), gold), _iou(span, gold)
                doubtful = (alone >= _HALF) == (whole >= _HALF)
                keys = _sorted(beside(one.type, clause, *map(shown, inside)))
                wider.append(Row(keys, int(whole > alone), weight if doubtful else 2 * weight))
    return told, wider


def _sorted(keys: Iterable[int]) -> Keys:
    return np.array(sorted(keys), np.uint32)


def _shared(span: tuple[Any, Any], gold: Gold) -> int:
    return int(min(span[1], gold.end) - max(span[0], gold.start))


def _is_of(span: tuple[int, int], gold: Gold) -> bool:
    shared = _shared(span, gold)
    shorter = min(span[1] - span[0], gold.end - gold.start)
    return shared > 0 and (shared >= _HALF * shorter or shared >= _TOUCHES)


def _iou(span: tuple[Any, Any], gold: Gold) -> float:
    return max(0, _shared(span, gold)) / int(max(span[1], gold.end) - min(span[0], gold.start))


def train(held: Sequence[tuple[list[Row], list[Row]]]) -> StatementModel:
    """Return the model learned from the rows of documents; the same rows give the same model."""
    learned = {}
    for place, name in enumerate(PARTS):
        every = [row for both in held for row in both[place]]
        features_of = Features([row.keys for row in every])
        labels, shares = [row.label for row in every], [row.weight for row in every]
        if name == "kinds":
            shares = _again(features_of, every, shares)
        weights, bias = features_of.fit(labels, _STRENGTH[name], shares)
        if name == "kinds":
            kept = (np.ptp(weights, axis=1) >= _PRUNED).nonzero()[0]
            features_of.keys, features_of.rarity = features_of.keys[kept], features_of.rarity[kept]
            weights = weights[kept]
        learned[name] = Part(
            rows={key: row for row, key in enumerate(features_of.keys.tolist())},
            rarity=np.array(np.round(features_of.rarity, 2), np.float64),
            weights=weights,
            bias=bias,
        )
    return StatementModel(
        types=TYPES, least=_LEAST, near=_NEAR, wider=_WIDER, idle=_IDLE, kinds=learned["kinds"], widen=learned["widen"]
    )


def _again(features_of: Features, every: Sequence[Row], shares: Sequence[float]) -> list[float]:
    """Return the weights of rows for a second fit: those that would be alarms after a first one weigh more."""
    told = features_of.shares([row.label for row in every], _STRENGTH["kinds"], shares)
    alarms = [
        any(kind in row.known and one >= _ALARM[kind] for kind, one in zip(TYPES[1:], said[1:], strict=True))
        for row, said in zip(every, told.tolist(), strict=True)
    ]
    return [
        share * (_AGAIN if alarm and not row.label else 1.0)
        for row, share, alarm in zip(every, shares, alarms, strict=True)
    ]


def write(model: StatementModel, folder: Path) -> str:
    """Write the model's files into `folder`; return its version."""
    fields: dict[str, Any] = {
        "format": FORMAT,
        "types": list(model.types),
        "least": dict(model.least),
        "near": dict(model.near),
        "wider": model.wider,
        "idle": model.idle,
        "weights_sha256": "",
    }
    held: dict[str, NDArray[Any]] = {}
    for name in PARTS:
        part: Part = getattr(model, name)
        fields[f"{name}_bias"] = part.bias.tolist()
        steps = np.clip(np.round(part.weights * STEPS), -_WEIGHT_AT_MOST, _WEIGHT_AT_MOST)
        held[f"{name}_keys"] = np.array(list(part.rows), np.uint32)
        held[f"{name}_rarity"] = part.rarity.astype(np.float16)
        held[f"{name}_weights"] = steps.astype(np.int8)
    return arrays.write(folder, fields, held)


def by_groups(root: Path) -> None:
    """Print how well the clauses of groups are told that were not learned from."""
    compiled = compiled_without()
    held = [(group, rows(group, document, compiled)) for group, document in learned_from(root)]
    for left_out in _SETS:
        model = train([both for group, both in held if group not in left_out])
        hits, misses, alarms = Counter[str](), Counter[str](), Counter[str]()
        told = [row for group, both in held if group in left_out for row in both[0]]
        types: dict[int, set[str]] = {}
        for index, kind, _ in model.types_of(model.shares([set(row.keys.tolist()) for row in told])):
            types.setdefault(index, set()).add(kind)
        for index, row in enumerate(told):
            said = types.get(index, set())
            kind = TYPES[row.label]
            hits[kind] += kind in said
            misses[kind] += bool(kind) and kind not in said
            alarms.update(said - {kind})
        print(*left_out, *(f"{kind} {hits[kind]}/{hits[kind] + misses[kind]}+{alarms[kind]}" for kind in TYPES[1:]))


def main(what: str = "") -> int:
    """Train, write, print the size; or say how well it tells groups it has not learned from."""
    root = resource_dir("rules").parent
    if what == "groups":
        by_groups(root)
        return 0
    compiled = compiled_without()
    model = train([rows(group, document, compiled) for group, document in learned_from(root)])
    version = write(model, resource_dir("models") / "statements")
    print(f"个人情况模型 {version}：{len(model.kinds.rows)} 和 {len(model.widen.rows)} 个特征")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
