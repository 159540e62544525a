"""An office corrects the attribute model with what it decided itself: split, gain, files, and the command."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json

import pytest

import prescan
from prescan.classify import store
from prescan.classify.score import Classifier
from prescan.cli import main
from prescan.decisions import ledger
from prescan.errors import PrescanError
from prescan.quality import adapt, own_documents
from prescan.quality.corpus import read_corpus
from prescan.quality.own_documents import OwnDocument
from prescan.resources import resource_dir

MODEL = resource_dir("models") / "attribute"


@pytest.fixture(scope="module")
def documents() -> list[OwnDocument]:
    """Give documents of one author, dated one a day."""
    held = read_corpus(MODEL / "corpus", ["d"])
    return [OwnDocument(one.text, one.label, f"2026-{at // 28 + 1:02}-{at % 28 + 1:02}") for at, one in enumerate(held)]


@pytest.fixture(scope="module")
def odd(documents) -> list[OwnDocument]:
    """Give the same with an office's own habit: what others answer on request it publishes."""
    swap = {"on_request": "proactive", "proactive": "on_request", "withheld": "withheld"}
    return [dataclasses.replace(one, label=swap[one.label]) for one in documents]


def test_copies_never_stand_on_both_sides_and_the_newest_are_held_out(documents):
    doubled = [
        *documents,
        *(dataclasses.replace(one, text=one.text + "特此。", date="2027-01-01") for one in documents),
    ]
    train, held = adapt.split(doubled)
    assert len(train) + len(held) == len(doubled)
    assert not {one.text.removesuffix("特此。") for one in train} & {one.text.removesuffix("特此。") for one in held}
    assert 0.1 < len(held) / len(doubled) < 0.4
    train, held = adapt.split(documents)
    if {one.label for one in documents[-len(held) :]} == set(prescan.types.ATTRIBUTES):
        assert max(one.date for one in train) <= min(one.date for one in held)


def test_an_office_that_differs_is_learnt_and_the_result_is_one_model_of_the_same_shape(odd, tmp_path):
    shipped, _ = store.read(MODEL)
    adapted = adapt.adapt(shipped, odd)
    assert adapted.after.accuracy > adapted.before.accuracy + 0.2
    version = adapt.write(adapted, tmp_path / "模型")
    loaded = Classifier.load(tmp_path / "模型")
    assert loaded.version == version
    assert loaded.model.weights.shape == shipped.weights.shape
    assert "校正后" in (tmp_path / "模型" / "README.md").read_text(encoding="utf-8")
    again = adapt.write(adapt.adapt(shipped, odd), tmp_path / "again")
    assert again == version
    settings = prescan.Settings(attribute_model=str(tmp_path / "模型"))
    assert (
        prescan.Scanner(settings).scan_text(odd[0].text).versions["model"]
        != prescan.Scanner().scan_text(odd[0].text).versions["model"]
    )


def test_an_office_like_the_others_loses_nothing(documents):
    shipped, _ = store.read(MODEL)
    adapted = adapt.adapt(shipped, documents)
    assert adapted.after.accuracy >= adapted.before.accuracy - 0.05
    assert sum(count for count, _ in adapted.months.values()) == len(documents)


def test_too_few_documents_are_refused(documents):
    shipped, _ = store.read(MODEL)
    with pytest.raises(PrescanError, match="至少要"):
        adapt.adapt(shipped, documents[:20])


def test_copies_alone_are_refused(documents):
    first = {one.label: one for one in documents}.values()
    copies = [dataclasses.replace(one, text=f"{one.text}第{at}号。") for one in first for at in range(20)]
    with pytest.raises(PrescanError, match="雷同"):
        adapt.adapt(store.read(MODEL)[0], copies)


def test_files_of_every_kind_give_the_same_documents(documents, tmp_path):
    few = documents[:6]
    rows = [{"label": one.label, "text": one.text, "date": one.date} for one in few]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with (tmp_path / "b.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, ["label", "text", "date"])
        writer.writeheader()
        writer.writerows(rows)
    for at, one in enumerate(few):
        folder = tmp_path / "c" / prescan.types.ATTRIBUTE_LABELS[one.label]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{at}.txt").write_text(one.text, encoding="utf-8")
    decisions = []
    for at, one in enumerate(few):
        path = tmp_path / "d" / f"{at}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(one.text, encoding="utf-8")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        decisions.append(ledger.DocumentDecisions(digest, attribute=one.label, time=one.date))
    with prescan.Scanner() as scanner:
        for name in ("a.jsonl", "b.csv", "c"):
            found = own_documents.gather([str(tmp_path / name)], scanner)
            assert found.problems == []
            assert sorted((one.text, one.label) for one in found.documents) == sorted((x.text, x.label) for x in few)
        missing = ledger.DocumentDecisions("0" * 64, attribute="withheld")
        found = own_documents.from_decisions([*decisions, missing], str(tmp_path / "d"), scanner)
    assert sorted((one.text, one.date) for one in found.documents) == sorted((one.text, one.date) for one in few)
    assert "1 份" in found.problems[0]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.jsonl", "{", "jsonl"), ("a.csv", b"\xff\xfe", "csv"), ("a.docx", "x", "jsonl 或 csv")],
)
def test_a_source_that_is_none_is_named(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with prescan.Scanner() as scanner, pytest.raises(PrescanError, match=said):
        own_documents.gather([str(path)], scanner)


def test_the_command_writes_the_model_and_says_how_to_use_it(odd, tmp_path, capsys):
    rows = [{"label": one.label, "text": one.text, "date": one.date} for one in odd] + [{"label": "无", "text": "甲"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["train", str(tmp_path / "a.jsonl"), "--out", str(tmp_path / "out")])
    said = capsys.readouterr()
    assert ended.value.code == 0
    assert "attribute_model" in said.err
    assert f"第 {len(rows)} 条" in said.err
    assert "校正后" in said.out
    assert (tmp_path / "out" / "weights.npz").is_file()
