"""Checks in the caller's process whether an input may be read, before it is sent to a worker."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError

if TYPE_CHECKING:
    from prescan.types import Limits

_URL_PREFIXES: Final = ("http://", "https://", "ftp://", "file://")


def check_path(path: str, limits: Limits) -> int:
    """Check, without opening it, that `path` is a readable file; return its size.

    Raises ReadError: unsupported (a url, folder, pipe or device), missing, unreadable, empty, too_large.
    """
    size = file_size(path)
    if not os.access(path, os.R_OK):
        raise ReadError("unreadable")
    check_size(size, limits)
    return size


def file_size(path: str) -> int:
    """Return the size of the file at `path`, without checking that it is readable.

    Raises ReadError: unsupported, missing, unreadable.
    """
    if path.lower().startswith(_URL_PREFIXES):
        raise ReadError("unsupported", "这是网址，prescan 不联网；请先把网页或文件下载到本机再扫")
    try:
        status = os.stat(path)  # noqa: PTH116  the path may be anything a caller passes
    except (FileNotFoundError, NotADirectoryError):
        raise ReadError("missing") from None
    except (OSError, ValueError):  # no permission, a link loop, a name no file system takes
        raise ReadError("unreadable") from None
    if stat.S_ISDIR(status.st_mode):
        raise ReadError("unsupported", "这是文件夹，请逐个给出其中的文件，或在命令行扫描该文件夹")
    if not stat.S_ISREG(status.st_mode):
        raise ReadError("unsupported", "这是管道、套接字或设备，不是普通文件，请先另存为文件再扫")
    return status.st_size


def check_type(value: object, wanted: type, sentence: str) -> None:
    """Raise TypeError with `sentence` if a value is not of the wanted type."""
    if not isinstance(value, wanted):
        raise TypeError(f"{sentence}（给的是 {type(value).__name__}）")


def check_size(size: int, limits: Limits) -> None:
    """Raise ReadError for an empty or too large file."""
    if not size:
        raise ReadError("empty")
    if size > limits.file_mb * 1024 * 1024:
        raise ReadError("too_large")
