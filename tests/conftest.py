"""Fixtures every test may ask for."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import hypothesis
import pytest

import prescan
from prescan.resources import resource_dir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


collect_ignore_glob = ["conftest.py", "*/conftest.py"]  # doctests are looked for in modules of one name only once

hypothesis.settings.register_profile("shared", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("shared")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be written again; the difference is for a person to read."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files from what is said now")


@pytest.fixture(scope="session", autouse=True)
def _config_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make the key of the fingerprints in a folder of the tests; child processes inherit it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.delenv("PRESCAN_CONFIG", raising=False)
        yield


@pytest.fixture(scope="session")
def scanner(_config_home: None) -> Iterator[prescan.Scanner]:
    """Return one scanner with the defaults, shared by all tests that change nothing of it.

    It recognises no text in pictures: that takes seconds a page, and few tests are about it.
    """
    with prescan.Scanner(prescan.Settings(ocr="off")) as shared:
        yield shared


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def few_rules(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have rules loaded from a copy with two packs and three clean texts only, and return it.

    For tests of `rules test` itself: with all rules, which `make test` tries too, it takes ten seconds.
    """
    shipped, few = resource_dir("rules"), tmp_path_factory.mktemp("few") / "rules"
    for folder in ("flow", "secrecy", "statutes", "words"):
        shutil.copytree(shipped / folder, few / folder)
    (few / "clean").mkdir()
    for path in sorted((shipped / "clean").glob("*.txt"))[:3]:
        shutil.copy(path, few / "clean")
    for module in ("prescan.rules.load", "prescan.quality.selftest"):
        monkeypatch.setattr(f"{module}.resource_dir", lambda name: few if name == "rules" else resource_dir(name))
    return few
