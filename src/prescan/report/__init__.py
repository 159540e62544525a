"""One file per output format, and the table of them."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.types import ScanResult


class Writer(NamedTuple):
    """A format: the module that writes it (imported when first needed) and whether its output is binary."""

    module: str
    binary: bool


@dataclass(frozen=True, slots=True)
class Options:
    """What a writer may show."""

    show_values: bool = False
    """Values in clear; the report says so."""
    with_text: bool = False
    """The whole text of each document."""
    width: int | None = None
    """Columns of the terminal; None = a width that prints well."""
    color: bool = False
    """Colours; only for a terminal."""


WRITERS: Final[dict[str, Writer]] = {
    "plain": Writer("prescan.report.plain", binary=False),
    "json": Writer("prescan.report.json", binary=False),
    "jsonl": Writer("prescan.report.jsonl", binary=False),
    "record": Writer("prescan.report.record", binary=True),
}


def write(results: Sequence[ScanResult], name: str, stream: IO[bytes], options: Options) -> None:
    """Write results to a binary stream in the format `name`. Raises KeyError for a format that is not in WRITERS."""
    importlib.import_module(WRITERS[name].module).write(results, stream, options)
