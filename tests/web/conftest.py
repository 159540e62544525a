"""Desks for the tests of the web room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("fastapi", reason="the extra `web` is not installed")

from desks import Desk, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash with little work: what argon2 costs is its point, not that of these tests."""
    from argon2 import PasswordHasher

    from prescan.web import people

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        people._nobody.cache_clear()
        yield


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a single-user desk for all tests of a module."""
    desk = open_desk(tmp_path_factory.mktemp("store"))
    yield desk
    desk.office.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a single-user desk of its own."""
    opened = open_desk(tmp_path)
    yield opened
    opened.office.close()


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return a desk with accounts: two drafters, one reviewer a level, an administrator."""
    opened = open_desk(tmp_path_factory.mktemp("staffed"))
    for login, role in (("anna", "drafter"), ("bert", "drafter"), ("r1", "first"), ("r2", "second"), ("r3", "final")):
        opened.add(login, role)
    opened.add("boss", "admin")
    yield opened
    opened.office.close()
