"""Finds the shipped files (rules, models, data tables) and holds the version.

An installed wheel carries `rules/` and `models/` in `prescan/_shipped`; a checkout has them at the top level.
"""

from __future__ import annotations

import csv
import functools
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__version__ = "0.1.0"

_PACKAGE = Path(__file__).resolve().parent


class FindingType(NamedTuple):
    """One row of `data/finding_types.tsv`: what a type is called and how serious it is by default."""

    type: str
    category: str
    label: str
    level: str
    roster_level: str


def resource_dir(name: str) -> Path:
    """Return the folder `name` ("rules" or "models"): the one in the wheel if there is one, else the checkout's.

    The folder may be missing: callers must raise then, because an incomplete installation must not scan without rules.
    """
    shipped = _PACKAGE / "_shipped" / name
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / name


def data_path(name: str) -> Path:
    """Return the path of a table in `prescan/data`."""
    return _PACKAGE / "data" / name


def data_rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of a tab-separated table in `prescan/data`, without `#` comments and blank lines."""
    with data_path(name).open(encoding="utf-8", newline="") as stream:
        lines = (line for line in stream if line.strip() and not line.startswith("#"))
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


@functools.cache
def finding_types() -> Mapping[str, FindingType]:
    """Return every finding type by its name, in the order of the contract."""
    return MappingProxyType({row[0]: FindingType(*row) for row in data_rows("finding_types.tsv")})
