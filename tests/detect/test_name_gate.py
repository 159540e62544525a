"""What is weighed in arrays, or remembered, weighs what its features do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prescan.detect import Compiled
from prescan.detect.name.features import characters, farther, grade_of, name_features, of_two, surroundings
from prescan.detect.name.sought import BUILT, spans, weighed_spans
from prescan.quality.names import cue_table, page_of
from prescan.resources import resource_dir
from prescan.rules import load_rules

if TYPE_CHECKING:
    from prescan.detect.name.model import NameModel

CLEAN = sorted((resource_dir("rules") / "clean").glob("*.txt"))[::2]


@pytest.fixture(scope="module")
def model() -> NameModel:
    names = Compiled(load_rules()).names
    assert names
    return names


def test_spans_weigh_what_their_features_do_and_only_light_ones_are_left_out(model: NameModel) -> None:
    cues = cue_table()
    kept = 0
    for path in CLEAN:
        page = page_of(path.read_text(encoding="utf-8"), cues)
        weighed = dict(weighed_spans(page, model))
        every = spans(page, model)
        weights = {
            span: 0.0 if span.form in BUILT else model.name.score(characters(page, span, model)) + of_two(page, span)
            for span in every
        }
        assert weighed == {span: weights[span] for span in every if span in weighed}
        assert all(weights[span] < model.cut for span in every if span not in weighed and span.form == "plain")
        assert {span.form for span in every if span not in weighed} <= {"plain"}
        kept += len(weighed)
    assert kept > 100


def test_parts_weigh_what_their_features_do(model: NameModel) -> None:
    cues = cue_table()
    for path in CLEAN:
        page = page_of(path.read_text(encoding="utf-8"), cues)
        for span, _ in weighed_spans(page, model):
            said = model.name.score(name_features(page, span, model))
            grade = grade_of(page, span, model)
            parts = [*surroundings(page, span, model, grade), *farther(page, span, grade)]
            around = model.weigh(parts)
            assert around == model.weigh(parts)
            own = model.name.score(characters(page, span, model)) if span.form != "built" else 0.0
            assert around + own == pytest.approx(said)
