"""Checks that the source given for a report is the file that was scanned."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from prescan.errors import PrescanError

if TYPE_CHECKING:
    from prescan.types import ScanResult


def checked(source: str | bytes, result: ScanResult) -> bytes:
    """Return the bytes of a source (path or bytes). Raises PrescanError if unreadable or not the scanned file."""
    try:
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError:
        raise PrescanError("读不到原文件，请核对路径和权限") from None
    if result.document.sha256 is None or hashlib.sha256(data).hexdigest() != result.document.sha256:
        raise PrescanError("原文件与扫描时的不是同一份，请重新扫描后再写")
    return data
