"""Finished items that are written together: all or none, after an interrupt too."""

from __future__ import annotations

import functools
import sqlite3
from typing import TYPE_CHECKING

import pytest

from prescan.audit.store import Store
from prescan.audit.together import Together
from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOTE = "INSERT INTO meta VALUES (?, '')"


def note(store: Store, name: str) -> Callable[[], None]:
    """Return what writes a name."""

    def record() -> None:
        store.db.execute(NOTE, (name,))

    return record


def noted(store: Store) -> set[str]:
    """Return what was written."""
    return {name for (name,) in store.rows("SELECT name FROM meta WHERE value = ''")}


def filled(together: Together, store: Store, names: str) -> list[str]:
    """Have a few things written, and return which of them are said to be."""
    said: list[str] = []
    for name in names:
        together.add(note(store, name), after=functools.partial(said.append, name))
    return said


@pytest.mark.parametrize("why", [None, KeyboardInterrupt, PrescanError])
def test_what_is_finished_is_written_at_the_end_and_after_an_interrupt(
    tmp_path: Path, why: type[BaseException] | None
) -> None:
    with Store(tmp_path / "a.sqlite", b"k" * 32, create=True) as store:
        try:
            with Together(store) as together:
                said = filled(together, store, "abc")
                assert (noted(store), said) == (set(), [])
                if why:
                    raise why("")
        except (KeyboardInterrupt, PrescanError):
            assert why
        assert (noted(store), said) == ({"a", "b", "c"}, ["a", "b", "c"])


def test_what_cannot_be_written_is_still_waiting(tmp_path: Path) -> None:
    with Store(tmp_path / "a.sqlite", b"k" * 32, create=True) as store, Together(store) as together:
        said = filled(together, store, "abb")  # the second of the same name is refused
        with pytest.raises(sqlite3.IntegrityError):
            together.write()
        assert (noted(store), said) == (set(), [])
        store.db.execute("DROP TABLE meta")
        store.db.execute("CREATE TABLE meta (name TEXT, value TEXT)")
        together.write()
        assert said == ["a", "b", "b"]


def test_much_that_waits_is_written_without_being_asked(tmp_path: Path) -> None:
    with Store(tmp_path / "a.sqlite", b"k" * 32, create=True) as store, Together(store) as together:
        names = [f"{number}" for number in range(60)]
        for name in names:
            together.add(note(store, name))
        assert 0 < len(noted(store)) < 60
        together.add(note(store, "large"), 9 << 20)
        assert noted(store) == {*names, "large"}
