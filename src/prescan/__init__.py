"""prescan: what must not be in a government document before it is published.

    import prescan
    result = prescan.scan("草案.docx")
    print(result.verdict, result.suggestion.attribute, [finding.message for finding in result.findings])

The machine scans, a person decides. Offsets are code points into `result.document.text`, end exclusive.
"""

from __future__ import annotations

import functools
import os
from typing import IO, TYPE_CHECKING

from prescan.errors import (
    ModelError,
    PrescanError,
    ReadError,
    RedactionFailed,
    RedactionRefused,
    RuleError,
    SettingsError,
)
from prescan.resources import __version__
from prescan.types import (
    Block,
    Context,
    Document,
    Finding,
    Limits,
    Location,
    Part,
    Reason,
    ScanResult,
    Settings,
    Suggestion,
    Unread,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.decisions.ledger import DocumentDecisions
    from prescan.redaction import Redaction
    from prescan.scanner import Scanner

__all__ = [
    "Block",
    "Context",
    "Document",
    "Finding",
    "Limits",
    "Location",
    "ModelError",
    "Part",
    "PrescanError",
    "ReadError",
    "Reason",
    "Redaction",
    "RedactionFailed",
    "RedactionRefused",
    "RuleError",
    "ScanResult",
    "Scanner",
    "Settings",
    "SettingsError",
    "Suggestion",
    "Unread",
    "__version__",
    "load_document",
    "redact",
    "scan",
    "write",
]


def scan(source: str | os.PathLike[str] | bytes, *, name: str = "", context: Context | None = None) -> ScanResult:
    """Scan a path, or bytes that carry the file name `name`, with one shared scanner and default settings; no URLs.

    Raises RuleError or ModelError if the installation is damaged. A file that cannot be read is in `result.unread`.
    """
    if isinstance(source, bytes):
        return _shared().scan_bytes(source, name=name, context=context)
    return _shared().scan_file(source, context=context, name=name or None)


def load_document(path: str | os.PathLike[str]) -> Document:
    """Return the text and structure of a file without scanning it. Raises ReadError."""
    return _shared().load_document(path)


def write(  # noqa: PLR0913  the contract
    results: ScanResult | Sequence[ScanResult],
    name: str,
    stream: IO[bytes],
    *,
    source: str | os.PathLike[str] | bytes | None = None,
    decisions: Sequence[DocumentDecisions] = (),
    show_values: bool = False,
    with_text: bool = False,
) -> None:
    """Write one or several results to a binary stream in the format `name`, one of `prescan.report.WRITERS`.

    Values are masked unless `show_values`. `source` is the scanned file itself, a path or bytes; formats that contain
    the document (marked copies, page images) need it. `decisions` (`prescan.decisions.ledger.read`) are shown in
    records. Raises PrescanError for an unknown format, or a source that is missing or has another sha256.
    """
    from prescan import report  # noqa: PLC0415  heavy writers are imported when used

    if name not in report.WRITERS:
        raise PrescanError(f"没有 {name} 这种格式，可用的有 {'、'.join(report.WRITERS)}")
    results_list = [results] if isinstance(results, ScanResult) else list(results)
    options = report.Options(
        show_values=show_values,
        with_text=with_text,
        decisions=decisions,
        source=source if source is None or isinstance(source, bytes) else os.fspath(source),
        convert=_shared().convert if source is not None else None,
    )
    report.write(results_list, name, stream, options)


def redact(  # noqa: PLR0913, PLR0917  the contract
    source: str | os.PathLike[str] | bytes,
    out: str | os.PathLike[str] | IO[bytes],
    result: ScanResult | None = None,
    decisions: str | os.PathLike[str] | Sequence[DocumentDecisions] | None = None,
    only: Sequence[str] = (),
    except_: Sequence[str] = (),
    *,
    style: str = "mask",
    name: str = "",
) -> Redaction:
    """Write a redacted copy of a path or bytes to `out`, a path or a binary stream; see `prescan.redaction.redact`.

    `style` is "mask" or "bar" (black bars); `name` is the file name that bytes carry.
    Raises RedactionRefused, RedactionFailed, ReadError, PrescanError; then nothing is written.
    """
    from prescan.redaction import redact as redacted  # noqa: PLC0415  see above

    return redacted(_shared(), source, out, result, decisions, only, except_, style=style, name=name)


@functools.cache
def _shared() -> Scanner:
    from prescan.scanner import Scanner  # noqa: PLC0415  see above

    return Scanner()


def __getattr__(name: str) -> object:
    """Import Scanner and Redaction, and with them numpy and other slow libraries, on first use."""
    if name == "Scanner":
        from prescan.scanner import Scanner  # noqa: PLC0415

        return Scanner
    if name == "Redaction":
        from prescan.redaction import Redaction  # noqa: PLC0415

        return Redaction
    raise AttributeError(f"module 'prescan' has no attribute {name!r}")
