"""Labelled passages for marks and contextual families: well made, and told from harmless uses as well as before."""

import json
from pathlib import Path

import pytest

from prescan.quality.personal import below_floor
from prescan.quality.secrecy import FAMILIES, JOINED, Passage, Tally, evaluate, joined, main, read_passages

FOLDER = Path(__file__).parent / "secrecy"
FLOORS = json.loads((FOLDER / "floors.json").read_text(encoding="utf-8"))
HELD = ("held", *(f"held-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 12, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24, 25)))
DEV = (
    "dev",
    *(f"dev-{number}" for number in (2, 9, 10, 11, 13, 19)),
    *(f"dev-v{number}" for number in (*range(1, 7), 8, *range(10, 15))),
)
FILES = (*HELD, *DEV)
#: Files with fewer passages have their floors together with the others: one passage would be half a point.
ENOUGH = 200


@pytest.fixture(scope="module")
def passages():
    return {name: read_passages(FOLDER / f"{name}.jsonl") for name in FILES}


def test_there_are_enough_passages_of_enough_genres(passages):
    everything = [passage for held in passages.values() for passage in held]
    assert len([passage for passage in everything if passage.label == "find"]) >= 150
    assert len([passage for passage in everything if passage.label == "quiet"]) >= 200
    assert len({passage.genre for passage in everything}) >= 60
    assert {passage.family for passage in everything} == {*FAMILIES, "quiet"}


def test_no_passage_is_both_learned_from_and_held_out(passages):
    held = {passage.text for name in HELD for passage in passages[name]}
    learned = {passage.text for name in DEV for passage in passages[name]}
    corpus = Path(__file__).parents[2] / "models" / "passages" / "corpus"
    learned |= {
        line.rpartition("\t")[2] for path in corpus.glob("*.tsv") for line in path.read_text("utf-8").split("\n")
    }
    assert held.isdisjoint(learned)


def test_nothing_falls_below_its_floor(passages, scanner):
    tallies = {name: evaluate(passages[name], scanner) for name in HELD}
    tallies[JOINED] = joined(tallies.values())
    assert {name: below for name in FLOORS if (below := below_floor(tallies[name].summary(), FLOORS[name]))} == {}


def test_a_file_has_a_floor_of_its_own_only_where_a_passage_weighs_little(passages):
    assert {name for name in HELD if len(passages[name]) >= ENOUGH} == set(FLOORS) - {JOINED}
    assert {tuple(floors) for name, floors in FLOORS.items() if name != JOINED} == {("f1 alert",)}
    assert set(FLOORS[JOINED]) == set(Tally().summary())


def test_a_miss_a_false_alarm_and_a_block_are_counted(scanner):
    made = [
        Passage("1", "dev", "find", "mark", "block", "公文", "机密★10年\n某某市文件\n关于防护的通知"),
        Passage("2", "dev", "find", "process", "review", "新闻", "今天下午天气很好，大家去公园散步。"),
        Passage("3", "dev", "quiet", "quiet", None, "公文", "机密★10年\n某某市文件\n关于防护的通知"),
    ]
    tally = evaluate(made, scanner)
    summary = tally.summary()
    assert (summary["recall marks"], summary["recall contextual"], summary["block marks"]) == (1.0, 0.0, 1.0)
    assert (summary["quiet"], summary["quiet without block"], summary["f1 alert"]) == (0.0, 0.0, 0.5)
    assert [line.split()[0] for line in tally.errors] == ["漏", "误"]


def test_errors_of_held_passages_are_never_printed(tmp_path, capsys):
    path = tmp_path / "x.jsonl"
    row = {
        "id": "1",
        "split": "held",
        "label": "find",
        "family": "case",
        "level": None,
        "genre": "甲",
        "text": "一二三",
    }
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert main([str(path)]) == 0
    assert "一二三" not in capsys.readouterr().out


def test_what_a_quiet_passage_looks_like_counts_nowhere(tmp_path):
    row = {"id": "1", "split": "held", "label": "quiet", "family": "case", "level": None, "genre": "", "text": "甲"}
    (tmp_path / "x.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert [passage.family for passage in read_passages(tmp_path / "x.jsonl")] == ["quiet"]


@pytest.mark.parametrize(("level", "told"), [("review", 1.0), ("block", 0.0)])
def test_an_internal_head_tells_a_mark_only_where_none_must_block(level, told, scanner):
    made = Passage("1", "dev", "find", "mark", level, "文件头", "内部资料　注意保存\n某某县农业农村局\n生猪补栏底数")
    assert evaluate([made], scanner).summary()["recall marks"] == told


def test_an_unknown_family_is_refused(tmp_path):
    row = {"id": "1", "split": "dev", "label": "find", "family": "weather", "level": None, "genre": "", "text": "甲"}
    (tmp_path / "x.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(ValueError, match="weather"):
        read_passages(tmp_path / "x.jsonl")
