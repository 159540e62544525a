"""What writers write, as text that a person can compare."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import docx
import openpyxl

from prescan import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.types import ScanResult


def written(results: ScanResult | Sequence[ScanResult], name: str, **options) -> bytes:
    """Return a report."""
    stream = io.BytesIO()
    listed = list(results) if isinstance(results, list | tuple) else [results]
    report.write(listed, name, stream, report.Options(**options))
    return stream.getvalue()


def shown(data: bytes, name: str) -> str:
    """Return a report as lines of text: cells of sheets and forms, everything else as it is."""
    if name in {"xlsx", "register", "monthly"}:
        return _sheets(data)
    if name in {"record", "consultation", "coordination", "forms"}:
        return _form(data)
    if name == "referral":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            letter = _form(package.read(package.namelist()[0]))
            return "\n".join([*package.namelist(), letter])
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    return re.sub(r"<(style|script)>.*?</\1>|sha256-[\w+/=]+", r"<\1/>", text, flags=re.DOTALL)


def _sheets(data: bytes) -> str:
    lines = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        lines += [f"== {sheet.title} {sheet.freeze_panes} {sheet.auto_filter.ref}"]
        lines += [" | ".join("" if cell is None else str(cell) for cell in row) for row in sheet.values]
    return "\n".join(lines) + "\n"


def _form(data: bytes) -> str:
    lines = []
    for item in docx.Document(io.BytesIO(data)).iter_inner_content():
        if hasattr(item, "rows"):
            for row in item.rows:
                cells = {id(cell._tc): cell.text.replace("\n", " / ") for cell in row.cells}
                lines.append(" | ".join(cells.values()))
        else:
            lines.append(item.text)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def everything(data: bytes) -> str:
    """Return all text in a report: of a package, every part with and without its markup."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        whole = "\n".join(everything(package.read(name)) for name in package.namelist())
    return whole + re.sub(r"<[^>]+>|\s", "", whole)
