"""A small generated site, and stores filled by hand where no scan is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from audits import ANNEXES, HOW, KEY, PAGES, Filled
from benchmark_modules import benchmark

from prescan.audit.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType


@pytest.fixture(scope="session")
def generated() -> ModuleType:
    """Return the generator of sites."""
    for part in ("generated_words", "generated_annexes", "generated_layouts"):
        benchmark(part)
    return benchmark("generated_site")


@pytest.fixture(scope="session")
def site(generated: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one site as folder/, site.warc.gz and export/site.csv."""
    root = tmp_path_factory.mktemp("site")
    for write, place in (("folder", "folder"), ("warc", "site.warc.gz"), ("export", "export/site.csv")):
        getattr(generated, f"write_{write}")(root / place, PAGES, ANNEXES, **HOW)
    return root


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Filled]:
    """Return an empty store to fill by hand."""
    with Store(tmp_path / "audit.sqlite", KEY, create=True) as store:
        yield Filled(store)
