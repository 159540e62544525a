"""The training text of the name model is what it claims, training repeats itself, and the figures hold."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from prescan import arrays
from prescan.detect import Compiled
from prescan.quality import name_corpus, names
from prescan.quality.corpus import read_document
from prescan.quality.name_card import alarms_per_10k, measure
from prescan.quality.name_corpus import PRIVATE, PUBLIC, People
from prescan.quality.name_documents import tagged
from prescan.resources import resource_dir
from prescan.rules import load_rules

HOME = resource_dir("models") / "names"
CORPUS = HOME / "corpus"
DOCUMENTS = resource_dir("models") / "attribute" / "corpus"
DEVELOPMENT = Path(__file__).parent / "personal" / "g"
GIVEN = dict.fromkeys("秀兰志远桂芳长水晓峰", (1000, 1000))


@pytest.fixture(scope="module")
def people() -> People:
    return People(GIVEN)


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return Compiled(load_rules())


def test_labels_name_documents_that_hold_the_names() -> None:
    lines = (CORPUS / "labels.tsv").read_text(encoding="utf-8").splitlines()
    labelled = [line for line in lines if not line.startswith("#")]
    assert labelled
    for line in labelled:
        name, *lists = line.split("\t")
        assert name.split("/")[0] in set(name_corpus.GROUPS), "d and m are not for training"
        text = read_document(DOCUMENTS / name).text
        assert [each for listed in lists for each in listed.split() if each not in text] == []


def test_slots_are_filled_always_the_same(people: People) -> None:
    block = "申请人{p1}，经办人{o1}，{p1}已领取，{s}某某不符合，{e}另行办理。电话{PHONE}"
    sample = name_corpus.filled(block, "seed", people)
    assert sample == name_corpus.filled(block, "seed", people)
    assert "{" not in sample.text
    assert [mark.role for mark in sample.marks] == [PRIVATE, PUBLIC, PRIVATE, PRIVATE]
    first, _, again, _ = ("".join(sample.text[mark.start : mark.end].split()) for mark in sample.marks)
    assert first == again


def test_copies_of_tagged_documents_keep_who_is_who(people: People) -> None:
    first, copy = (list(tagged(CORPUS / "documents", people, [("高峰", 1.0)], 2, 1.0))[at] for at in (0, 1))
    assert [mark.role for mark in first.marks] == [mark.role for mark in copy.marks]
    assert {PRIVATE, PUBLIC} == {mark.role for mark in first.marks}
    others: dict[str, set[str]] = {}
    for old, new in zip(first.marks, copy.marks, strict=True):
        other = "".join(copy.text[new.start : new.end].split())
        others.setdefault("".join(first.text[old.start : old.end].split()), set()).add(other)
    assert all(len(held) == 1 for held in others.values())
    assert any(name not in held for name, held in others.items())


def test_every_sentence_of_the_corpus_can_be_filled(people: People) -> None:
    samples = list(name_corpus.sentences(CORPUS, people, 1))
    assert len(samples) > 150
    assert sum(len(sample.marks) for sample in samples) > 500
    for sample in samples:
        assert "{" not in sample.text, sample.source
        assert all(sample.text[mark.start : mark.end].strip() for mark in sample.marks)


def test_names_are_replaced_where_they_stand(people: People) -> None:
    marked = [
        (sample, mark) for sample in name_corpus.natural(CORPUS, DOCUMENTS, people, 2, 1.0) for mark in sample.marks
    ]
    assert marked
    for sample, mark in marked:
        assert 2 <= mark.end - mark.start <= 4
        assert not set(sample.text[mark.start : mark.end]) & set("，。、：\n ")


def test_invented_names_have_a_surname_and_follow_from_the_seed(people: People) -> None:
    drawn = [people.name(random.Random(seed)) for seed in range(200)]
    assert drawn == [people.name(random.Random(seed)) for seed in range(200)]
    assert {len(name) for name in drawn} <= {2, 3, 4}


def test_a_fit_repeats_itself() -> None:
    data = names.Rows([], [], [])
    for turn in range(40):
        data.add(["cue", "even" if turn % 2 else "odd"], turn % 2, 1.0)
    first, second = names.fit(data, 1.0), names.fit(data, 1.0)
    assert first[0] == second[0]
    assert np.array_equal(first[1], second[1])
    assert dict(zip(first[0], first[1], strict=True))["even"] > 0 > dict(zip(first[0], first[1], strict=True))["odd"]


def test_the_card_names_the_version() -> None:
    held = arrays.read(HOME, "姓名模型")
    assert held.version in (HOME / "README.md").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in HOME.glob("*.*")) < 3_000_000


def test_figures_on_the_development_documents_hold(compiled: Compiled) -> None:
    measured = measure(DEVELOPMENT, compiled)
    assert measured.f1 >= 0.92
    assert measured.public_flagged <= 0.1 * measured.public
    assert measured.masked_flagged == 0


def test_clean_text_is_quiet(compiled: Compiled) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (resource_dir("rules") / "clean").glob("*.txt")]
    assert alarms_per_10k(texts, compiled)[1] == 0
