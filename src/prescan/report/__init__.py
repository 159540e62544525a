"""The output formats: one module each, listed in WRITERS."""

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
    """An output format: the module that writes it (imported on first use) and whether its output is binary."""

    module: str
    binary: bool
    of_one: str = ""
    """If not empty, each document gets a file of its own, whose name has this ending."""
    suffixes: tuple[str, ...] = ()
    """How the name of a file of this format may end."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of all writers; each uses those that concern its format."""

    show_values: bool = False
    """Show values in clear; the report then says so."""
    with_text: bool = False
    """Include the whole text of each document."""
    width: int | None = None
    """Columns of the terminal; None = a default width."""
    color: bool = False
    """Use colours (terminal only)."""
    decisions: Sequence[DocumentDecisions] = ()
    """What people decided; shown in records."""
    source: str | bytes | None = None
    """The scanned file (path or bytes with the result's sha256), for formats that contain it."""
    template: str | None = None
    """Path of an office's own form (docx) for records; None = ours."""
    convert: Convert | None = None
    """`Scanner.convert`, which makes marked copies and page images in a worker."""


class WriterModule(Protocol):
    """The interface of the modules named in WRITERS."""

    def write(self, results: Sequence[ScanResult], stream: IO[bytes], options: Options) -> None:
        """Write results to a binary stream. Raises PrescanError if the format cannot be made of them."""


WRITERS: Final[dict[str, Writer]] = {
    "plain": Writer("prescan.report.plain", binary=False),
    "json": Writer("prescan.report.json", binary=False, suffixes=(".json",)),
    "jsonl": Writer("prescan.report.jsonl", binary=False, suffixes=(".jsonl", ".json")),
    "sarif": Writer("prescan.report.sarif", binary=False, suffixes=(".sarif", ".json")),
    "html": Writer("prescan.report.html", binary=False, suffixes=(".html", ".htm")),
    "csv": Writer("prescan.report.csv", binary=False, suffixes=(".csv",)),
    "xlsx": Writer("prescan.report.xlsx", binary=True, suffixes=(".xlsx",)),
    "marked": Writer("prescan.report.marked", binary=True, of_one="-批注", suffixes=(".docx", ".pdf")),
    "record": Writer("prescan.report.record", binary=True, of_one="-审查记录.docx", suffixes=(".docx",)),
    "consultation": Writer("prescan.report.consultation", binary=True, of_one="-征求意见函.docx", suffixes=(".docx",)),
    "coordination": Writer("prescan.report.coordination", binary=True, of_one="-发布协调函.docx", suffixes=(".docx",)),
    "referral": Writer("prescan.report.referral", binary=True, of_one="-报送材料.zip", suffixes=(".zip",)),
    "forms": Writer("prescan.report.forms", binary=True, of_one="-审批单.docx", suffixes=(".docx",)),
    "register": Writer("prescan.report.register", binary=True, suffixes=(".xlsx",)),
    "monthly": Writer("prescan.report.monthly", binary=True, suffixes=(".xlsx",)),
}


def write(results: Sequence[ScanResult], name: str, stream: IO[bytes], options: Options) -> None:
    """Write results to a binary stream in the format `name`. Raises KeyError if it is not in WRITERS, PrescanError."""
    module = cast("WriterModule", importlib.import_module(WRITERS[name].module))
    module.write(results, stream, options)
