"""Labelled documents for personal data: well made, and found at least as well as before."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from prescan.quality.evaluate import ATTRIBUTE, JOINED
from prescan.quality.generate import FORMS, GENERATORS
from prescan.quality.personal import COMMON, below_floor, read_labelled
from prescan.resources import finding_types

FOLDER = Path(__file__).parent / "personal"
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))
#: Written by hands that saw neither rules nor detectors; the errors of g and j were read (j first measured: all 0.869).
#: k was measured first with all 0.930, then read; l, full of names that are words, with 0.761 and read in part; n with
#: 0.906, then read; o with 0.963 and p with 0.950, of which some errors were read. w and x tag whole statements of
#: illness and income where the rules mark their words: w was first measured with 0.785 and is unread, x with 0.765,
#: then read. y (first 0.782, then read) and z (first 0.773, unread) have names that are words and tag statements too.
#: aa (first 0.751, then read) mixes private and public names in all places. ab, ordinary documents, was first measured
#: with 0.824; some of its false alarms were looked up by rule and label. ac, ordinary documents with many tables, was
#: first measured with 0.891, ad, documents of rarer offices, with 0.874; both were then read and learnt from, like ba
#: to bd (first 0.568, 0.561, 0.601 and 0.657), full of what is told of people and of harmless talk of the same.
#: ae, ordinary documents, was first measured with 0.889.
#: ai, ordinary documents, was first measured with 0.938 and is unread, aj, ordinary documents full of home telephones,
#: with 0.816, then read. af, ag and ah, statements beside hard harmless talk, were first measured with 0.790, 0.821 and
#: 0.819, ak with 0.722, then read; al, of the same sort, with 0.733, is unread. The name and the landline model were
#: trained on all of these but w, z, ab, ae, ai and al, the statement model on none of af to ak either: only those six
#: tell how well the models do elsewhere.
#: `prescan evaluate --gate` holds all figures; test_evaluate.py runs it.
OF_ALL = {"f1 all", "f1 macro", "f1 numbers", "recall unusual", "exact", "decoys quiet"}


@pytest.fixture(scope="module")
def documents():
    return read_labelled(FOLDER)


def test_there_are_enough_documents_of_enough_genres(documents):
    assert len(documents) >= 150
    assert len({document.genre for document in documents}) >= 20


def test_every_gold_has_a_known_type(documents):
    known = {*finding_types(), "bad_resident_id"}
    assert {gold.kind for document in documents for gold in document.golds if not gold.decoy} <= known


def test_generated_values_depend_on_nothing_but_the_seed():
    for make in GENERATORS.values():
        assert make(random.Random(3)) == make(random.Random(3))
    assert FORMS["spaced"]("13800138000") == "138 0013 8000"
    assert FORMS["fullwidth"]("1X") == "１Ｘ"


def test_rare_kinds_have_their_floors_over_groups_taken_together(documents):
    places = Counter(
        (document.name.partition("/")[0], gold.kind)
        for document in documents
        for gold in document.golds
        if not gold.decoy
    )
    rare = [
        (groups, figure)
        for groups, floors in FLOORS.items()
        for figure in set(floors) - OF_ALL
        if groups != ATTRIBUTE
        and sum(places[group, figure.removeprefix("f1 ")] for group in groups.split(JOINED)) < COMMON
    ]
    assert rare == []


def test_every_group_has_floors(documents):
    assert {document.name.partition("/")[0] for document in documents} <= set(FLOORS)


def test_a_floor_that_is_missed_is_told():
    assert below_floor({"f1 all": 0.5}, {"f1 all": 0.9}) == ["f1 all 0.500 < 0.900"]
