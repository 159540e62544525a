"""Rare kinds are found in words their rules did not foresee, and nothing where only the words stand."""

from pathlib import Path

import pytest

from prescan.quality.generate import GENERATORS
from prescan.quality.personal import evaluate, read_labelled

FILE = Path(__file__).parent / "wordings.txt"
#: The least share of a kind's values that is found, in text this file's author had in view.
RECALL = 0.85


@pytest.fixture(scope="module")
def score(scanner, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wordings")
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith("#"):
            text = line.replace("⏎", "\n").replace("⇥", "\t")
            (folder / f"{number:03}.txt").write_text(f"genre: 摘录\n---\n{text}", encoding="utf-8")
    return evaluate(read_labelled(folder), scanner)


def test_every_rare_kind_is_found(score):
    kinds = {kind for kind in score.hits if score.hits[kind] + score.misses[kind] >= 10} - {"person_name"}
    assert len(kinds) >= 14
    assert {kind: score.recall(kind) for kind in kinds if score.recall(kind) < RECALL} == {}


def test_numbers_of_offices_are_left(score):
    assert {kind: score.alarms[kind] for kind in GENERATORS if score.alarms[kind]} == {}
