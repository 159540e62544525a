"""Text between markers of a page: `<!-- name -->` … `<!-- /name -->`, written by a program, the rest by people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def held(page: str, name: str) -> str:
    """Return what stands between the markers of a page. Raises ValueError if they are not there exactly once."""
    found = _between(name).findall(page)
    if len(found) != 1:
        raise ValueError(f"markers of {name}: {len(found)} times instead of once")
    return str(found[0]).strip("\n")


def replaced(page: str, name: str, text: str) -> str:
    """Return a page with other text between the markers. Raises ValueError as `held` does."""
    held(page, name)
    return _between(name).sub(lambda _: f"<!-- {name} -->\n{text.strip(chr(10))}\n<!-- /{name} -->", page)


def write(path: Path, name: str, text: str) -> None:
    """Put text between the markers of a file."""
    path.write_text(replaced(path.read_text(encoding="utf-8"), name, text), encoding="utf-8")


def _between(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- {re.escape(name)} -->\n(.*?)<!-- /{re.escape(name)} -->", re.DOTALL)
