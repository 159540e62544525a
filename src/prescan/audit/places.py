"""Places of items: digest of their bytes, targets of links, folder, shard."""

from __future__ import annotations

import hashlib
import posixpath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urljoin, urlsplit

from prescan.audit.sources import path_of
from prescan.errors import ReadError
from prescan.report import Options
from prescan.report.shown import printable, shown_name
from prescan.scanner.inputs import check_path

if TYPE_CHECKING:
    from prescan.audit.sources import Item
    from prescan.types import Limits

#: Larger files are hashed in pieces.
_WHOLE_AT_MOST: Final = 4 * 1024 * 1024
_OPTIONS: Final = Options()


def digest(item: Item, limits: Limits) -> tuple[str, int]:
    """Return the sha256 and the size of an item. Raises ReadError."""
    if item.code:
        raise ReadError(item.code, item.detail)
    if item.data is not None:
        if len(item.data) > limits.file_mb * 1024 * 1024:
            raise ReadError("too_large")
        return hashlib.sha256(item.data).hexdigest(), len(item.data)
    path = item.path or ""
    check_path(path, limits)
    try:
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123  a million of them
            data = stream.read(_WHOLE_AT_MOST)
            hasher = hashlib.sha256(data)
            size = len(data)
            while chunk := stream.read(_WHOLE_AT_MOST):
                hasher.update(chunk)
                size += len(chunk)
    except OSError:
        raise ReadError("unreadable") from None
    return hasher.hexdigest(), size


def resolved(place: str, link: str) -> str | None:
    """Return the place to which a link of a page leads; None if it is not on the same site.

    >>> resolved("a/b/c.html", "../d.pdf"), resolved("https://x.cn/a/c.html", "d.pdf"), resolved("a.html", "//y.cn/d")
    ('a/d.pdf', 'https://x.cn/a/d.pdf', None)
    """
    if "://" in place:
        try:
            target = urljoin(place, link)
            return target.partition("#")[0] if urlsplit(target).netloc == urlsplit(place).netloc else None
        except ValueError:  # not a valid address
            return None
    if "://" in link or link.startswith("//"):
        return None
    path = unquote(link)
    joined = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(place), path)
    return posixpath.normpath(joined)


def folder_of(place: str) -> str | None:
    """Return the first folder of a place, masked: the 栏目 of pages that do not name one."""
    path = path_of(place).lstrip("/") if "://" in place else place
    head, slash, _ = path.partition("/")
    return printable(shown_name(unquote(head), _OPTIONS)) if slash and head else None


def spread(place_key: bytes) -> int:
    """Return the number that decides to which shard an item belongs (modulo the number of shards)."""
    return int.from_bytes(place_key[:4], "big")
