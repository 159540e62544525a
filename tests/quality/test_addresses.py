"""Homes are found in sentences written for it, other places are not; the signs can be weighed anew."""

from pathlib import Path

import pytest

from prescan.quality.addresses import rows, sentences

FOLDER = Path(__file__).parent / "address"
#: Shares of the homes that are found, by half, and of the texts without homes that stay silent.
FOUND, SILENT = 0.93, 0.975


def _addresses(scanner, text):
    return [(f.start, f.end) for f in scanner.scan_text(text).findings if f.type == "address"]


def _half(found, home):
    shared = min(found[1], home[1]) - max(found[0], home[0])
    return shared >= (max(found[1], home[1]) - min(found[0], home[0])) / 2


def test_homes_are_found(scanner):
    said = [
        any(_half(found, home) for found in _addresses(scanner, text))
        for text, homes in sentences(FOLDER / "homes.txt")
        for home in homes
    ]
    assert len(said) >= 150
    assert sum(said) / len(said) >= FOUND


def test_other_places_are_left(scanner):
    said = [not _addresses(scanner, text) for text, _ in sentences(FOLDER / "places.txt")]
    assert len(said) >= 200
    assert sum(said) / len(said) >= SILENT


def test_a_line_with_marks_is_read(tmp_path):
    file = tmp_path / "homes.txt"
    file.write_text("# 说明\n住«甲村东头»，⏎«乙»⇥丙\n", encoding="utf-8")
    assert list(sentences(file)) == [("住甲村东头，\n乙\t丙", [(1, 5), (7, 8)])]


@pytest.mark.parametrize("said", [True, False])
def test_there_are_rows_of_both_kinds_to_learn_from(said, monkeypatch):
    monkeypatch.setattr("prescan.quality.addresses.LEARNED", ())
    found = [home for signs, home in rows(Path(__file__).parent) if signs]
    assert found.count(said) >= 50
