"""Writes the copy: atomically, readable by its owner only, and never over the source."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Final

from prescan import drafts
from prescan.errors import PrescanError

#: Suffixes of the formats a copy can have. A copy has the format of its source, whatever it is called.
_KINDS: Final = (
    frozenset({".docx", ".docm", ".dotx", ".dotm"}),
    frozenset({".xlsx", ".xlsm", ".xltx", ".xltm"}),
    frozenset({".pdf"}),
    frozenset({".html", ".htm", ".xhtml", ".shtml"}),
    frozenset({".txt", ".md", ".csv", ".tsv"}),
)


def check_suffix(out: str, source: str) -> None:
    """Raise PrescanError if the name of a copy promises another format than that of its source."""
    wanted, given = Path(out).suffix.lower(), Path(source).suffix.lower()
    kind = next((kind for kind in _KINDS if given in kind), None)
    if kind and wanted not in kind and any(wanted in other for other in _KINDS):
        raise PrescanError(f"副本的格式与原文件相同，请把 -o 的后缀由 {wanted} 改为 {given}")


def check_target(out: str | os.PathLike[str] | IO[bytes], source: str | os.PathLike[str] | bytes) -> None:
    """Raise PrescanError unless a copy of `source` can be written to the path `out` without touching `source`."""
    if not isinstance(out, (str, os.PathLike)):
        return
    target = Path(out)
    if not isinstance(source, bytes):
        same = target.absolute() == Path(source).absolute()
        if same or (target.exists() and Path(source).exists() and target.samefile(source)):
            raise PrescanError("脱敏副本不能写回原文件，请用 -o 指定另一个文件名")
    if target.is_dir() or not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
        raise PrescanError(f"无法写入 {target}，请检查路径和权限")


def write_copy(out: str | os.PathLike[str] | IO[bytes], data: bytes) -> None:
    """Write the copy to a stream, or atomically to a path with mode 0600. Raises PrescanError."""
    if not isinstance(out, (str, os.PathLike)):
        out.write(data)
        return
    target = Path(out)
    try:
        drafts.replace(target, data)
    except OSError:
        raise PrescanError(f"无法写入 {target}，请检查路径和权限") from None
