"""One file per output format, and the table of them."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prescan.decisions.ledger import DocumentDecisions
    from prescan.types import ScanResult

    Convert = Callable[[str, str | bytes, str, list[Any]], tuple[dict[str, Any], bytes]]


class Writer(NamedTuple):
    """A format: the module that writes it (imported when first needed) and whether its output is binary."""

    module: str
    binary: bool
    of_one: str = ""
    """Not empty: a file holds one document; several go into a folder, each file with this ending."""


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
    decisions: Sequence[DocumentDecisions] = ()
    """What people decided; a record shows it beside what the machine found."""
    source: str | bytes | None = None
    """The file a marked copy is made of: a path or bytes with the result's sha256."""
    template: str | None = None
    """Path of an office's own form (docx) for records; None = ours."""
    convert: Convert | None = None
    """`Scanner.convert`: makes the marked copy and images of pages in a worker."""


class WriterModule(Protocol):
    """What every module named in WRITERS offers."""

    def write(self, results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
        """Write results to a binary stream. Raises PrescanError where this cannot be done."""


WRITERS: Final[dict[str, Writer]] = {
    "plain": Writer("prescan.report.plain", binary=False),
    "json": Writer("prescan.report.json", binary=False),
    "jsonl": Writer("prescan.report.jsonl", binary=False),
    "sarif": Writer("prescan.report.sarif", binary=False),
    "html": Writer("prescan.report.html", binary=False),
    "csv": Writer("prescan.report.csv", binary=False),
    "xlsx": Writer("prescan.report.xlsx", binary=True),
    "marked": Writer("prescan.report.marked", binary=True, of_one="-批注"),
    "record": Writer("prescan.report.record", binary=True, of_one="-审查记录.docx"),
    "consultation": Writer("prescan.report.consultation", binary=True, of_one="-征求意见函.docx"),
    "coordination": Writer("prescan.report.coordination", binary=True, of_one="-发布协调函.docx"),
    "referral": Writer("prescan.report.referral", binary=True, of_one="-报送材料.zip"),
    "forms": Writer("prescan.report.forms", binary=True, of_one="-审批单.docx"),
    "register": Writer("prescan.report.register", binary=True),
    "monthly": Writer("prescan.report.monthly", binary=True),
}


def write(results: Sequence[ScanResult], name: str, stream: IO[bytes], options: Options) -> None:
    """Write results to a binary stream in the format `name`. Raises KeyError for a format that is not in WRITERS."""
    module = cast("WriterModule", importlib.import_module(WRITERS[name].module))
    module.write(results, stream, options)
