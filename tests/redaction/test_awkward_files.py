"""Redacted copies of files that hide values where few look; independent programs find none of them."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import awkward_values
import outside_tools
import planted_values
import pytest

from prescan.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from prescan import Scanner

MAKERS: dict[str, Callable[[planted_values.Planted], bytes]] = {
    "docx": awkward_values.word,
    "xlsx": awkward_values.workbook,
    "pdf": awkward_values.pdf,
    "html": awkward_values.page,
    "csv": awkward_values.table,
}


@pytest.fixture(scope="module", params=list(MAKERS))
def made(request: pytest.FixtureRequest, scanner: Scanner, tmp_path_factory: pytest.TempPathFactory):
    """Return the kind, the source, its redacted copy and the value of every place."""
    kind = request.param
    folder = tmp_path_factory.mktemp(f"awkward-{kind}")
    held = planted_values.Planted(seed=11)
    source = folder / f"source.{kind}"
    source.write_bytes(MAKERS[kind](held))
    copy = folder / f"copy.{kind}"
    redact(scanner, source, copy)
    return kind, source, copy, held.values


def written(path: Path, kind: str) -> str:
    """Return everything a text file says: as it is, with entities as letters, and without its tags and spaces."""
    text = path.read_bytes().decode("utf-8" if kind == "html" else "gb18030")
    plain = html.unescape(text)
    return "\n".join((text, plain, re.sub(r"<[^>]*>|\s", "", plain)))


def leaks(kind: str, path: Path, values: dict[str, str]) -> list[str]:
    if kind in {"docx", "xlsx"}:
        found = outside_tools.zip_leaks(path.read_bytes(), values.values())
    elif kind == "pdf":
        found = outside_tools.pdf_leaks(path, values.values())
    else:
        found = {value: "text" for value in values.values() if value in written(path, kind)}
    return [place for place, value in values.items() if value in found]


def test_nothing_of_it_is_left(made: tuple) -> None:
    kind, _, copy, values = made
    assert leaks(kind, copy, values) == []


def test_what_was_to_stay_is_there(made: tuple, scanner: Scanner) -> None:
    _, _, copy, _ = made
    text = "".join(scanner.scan_file(copy).document.text.split())
    assert planted_values.KEPT in text


def test_libreoffice_sees_nothing_either(made: tuple) -> None:
    kind, _, copy, values = made
    if kind not in {"docx", "xlsx"}:
        pytest.skip("only office files")
    text = "".join(outside_tools.office_text(copy, "txt" if kind == "docx" else "csv").split())
    assert [place for place, value in values.items() if value in text] == []
    assert planted_values.KEPT in text


def test_the_places_are_in_the_source(made: tuple) -> None:
    """A value that never was in the file would prove nothing; those written in pieces are looked for as pieces."""
    kind, source, _, values = made
    assert set(values) - set(leaks(kind, source, values)) <= {"full width", "picture as data"}
