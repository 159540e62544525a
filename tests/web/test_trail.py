"""The log: whole, in order, without values, and what is wrong with it is seen."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from prescan.errors import SettingsError
from prescan.web import trail
from prescan.web.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path)
    with opened.write() as database:
        for number in range(5):
            trail.add(database, "anna", "decided", f"case{number}", findings=[f"{number:016x}"])
    yield opened
    opened.close()


def checked(store: Store, expected: str | None = None) -> trail.Verified:
    with store.read() as database:
        return trail.verify(database, expected)


def meddle(store: Store, statement: str) -> None:
    """Change the log as somebody with the file in his hands would."""
    with store.write() as database:
        for name in ("log_no_update", "log_no_delete"):
            database.execute(text(f"DROP TRIGGER {name}"))
        database.execute(text(statement))


def test_whole_log_is_whole(store: Store) -> None:
    found = checked(store)
    assert (found.lines, found.broken_at) == (5, None)
    assert checked(store, found.last).broken_at is None


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE log SET who = 'bert' WHERE seq = 3", 3),
        ("UPDATE log SET facts = '{}' WHERE seq = 5", 5),
        ("UPDATE log SET at = '2020-01-01' WHERE seq = 1", 1),
        ("DELETE FROM log WHERE seq = 2", 3),
        ("DELETE FROM log WHERE seq = 1", 2),
    ],
)
def test_meddling_is_seen(store: Store, statement: str, place: int) -> None:
    meddle(store, statement)
    assert checked(store).broken_at == place


def test_cut_end_is_seen_by_a_hash_written_down(store: Store) -> None:
    last = checked(store).last
    meddle(store, "DELETE FROM log WHERE seq = 5")
    assert checked(store).broken_at is None
    assert checked(store, last).broken_at is not None


def test_log_refuses_changes(store: Store) -> None:
    for statement in ("UPDATE log SET who = 'x'", "DELETE FROM log"):
        with pytest.raises(DBAPIError), store.write() as database:
            database.execute(text(statement))
    assert checked(store).broken_at is None


def test_purged_log_can_still_be_checked(store: Store) -> None:
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1)
    with store.write() as database:
        assert trail.purge(database, later) == 5
        trail.add(database, "system", "purge")
    found = checked(store)
    assert (found.lines, found.broken_at) == (1, None)
    with pytest.raises(DBAPIError), store.write() as database:
        database.execute(text("DELETE FROM log"))


def test_a_store_of_a_later_version_is_not_touched(tmp_path: Path) -> None:
    opened = Store(tmp_path)
    with opened.write() as database:
        database.execute(text("PRAGMA user_version = 99"))
    opened.close()
    with pytest.raises(SettingsError, match="升级"):
        Store(tmp_path)
