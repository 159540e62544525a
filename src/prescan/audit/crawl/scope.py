"""The scope of a crawl: hosts with ports, and a path prefix; everything else is refused before connecting."""

from __future__ import annotations

import html
import posixpath
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

import regex

from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Iterable

_PORTS: Final = {"http": 80, "https": 443}
#: Suffixes of annexes, which may be outside the path prefix, on any host of the scope.
_ANNEXES: Final = frozenset(
    ".doc .docx .docm .wps .wpt .xls .xlsx .xlsm .et .ppt .pptx .dps .pdf .ofd .rtf .csv .txt .zip .rar .7z"
    " .tar .gz .jpg .jpeg .png .tif .tiff .bmp".split()
)
_NEVER: Final = frozenset(
    ".css .js .map .woff .woff2 .ttf .eot .otf .ico .cur .mp3 .mp4 .avi .wmv .flv .apk .exe".split()
)
_LINK: Final = regex.compile(
    rb"""<(?:a|area|iframe|frame|embed|base)\s[^<>]{0,2000}?\b(?:href|src)\s*=\s*(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})')""",
    regex.IGNORECASE,
)
_LOC: Final = regex.compile(rb"<loc>\s*(?:<!\[CDATA\[)?\s*([^<>\s\]]{1,2000})", regex.IGNORECASE)
_LINKS_AT_MOST: Final = 5_000
_LOCS_AT_MOST: Final = 50_000
_URL_AT_MOST: Final = 2_000
_GZIP: Final = b"\x1f\x8b"
#: The greatest size of a sitemap by sitemaps.org.
_SITEMAP_AT_MOST: Final = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Scope:
    """The hosts that may be crawled, and the prefix of pages' paths."""

    hosts: frozenset[tuple[str, int]]
    prefix: str

    @classmethod
    def of(cls, starts: Iterable[str], hosts: Iterable[str], prefix: str) -> Scope:
        """Return the scope of an order. Raises PrescanError for an invalid address, host or prefix."""
        named: set[tuple[str, int]] = set()
        for start in starts:
            found = _host(start)
            if found is None:
                raise PrescanError(f"{start} 不是网址，应以 http:// 或 https:// 开头")
            named.add(found)
        for host in hosts:
            usual = {found for scheme in _PORTS if (found := _host(f"{scheme}://{host}")) is not None}
            if not usual or "/" in host or "@" in host:
                raise PrescanError(f"--host {host} 写法不对，应是主机名，端口不是 80、443 时写成 主机名:端口")
            named |= usual
        if not prefix.startswith("/"):
            raise PrescanError("--prefix 应以 / 开头，如 /zwgk/")
        return cls(frozenset(named), prefix)

    def named(self, url: str) -> bool:
        """Return whether the host of an address is in the scope.

        >>> Scope.of(["https://x.cn/a/"], [], "/").named("https://x.cn.evil.example/a"), Scope.of(
        ...     ["https://x.cn/a/"], [], "/"
        ... ).named("https://X.CN:443/b")
        (False, True)
        """
        return _host(url) in self.hosts

    def wanted(self, url: str) -> bool:
        """Return whether a linked address is to be fetched."""
        if not self.named(url) or len(url) > _URL_AT_MOST:
            return False
        ending = posixpath.splitext(urlsplit(url).path)[1].lower()
        if ending in _NEVER:
            return False
        return ending in _ANNEXES or (urlsplit(url).path or "/").startswith(self.prefix)


def links(data: bytes, url: str) -> list[str]:
    """Return the absolute addresses to which a page links, each once; only tags are parsed."""
    base = url
    found: dict[str, None] = {}
    for match in _LINK.finditer(data):
        text = html.unescape((match[1] or match[2]).decode("utf-8", "replace")).strip()
        try:
            target = urljoin(base, text).partition("#")[0]
            urlsplit(target).port  # noqa: B018  raises for an invalid port
        except ValueError:
            continue
        if match[0][:6].lower().startswith(b"<base"):
            base = target
        elif target.startswith(("http://", "https://")):
            found[target.replace(" ", "%20")] = None
        if len(found) == _LINKS_AT_MOST:
            break
    return list(found)


def listed(data: bytes) -> list[str]:
    """Return the addresses in a sitemap, including those of other sitemaps."""
    found = (html.unescape(match[1].decode("utf-8", "replace")) for match in _LOC.finditer(data))
    return list(dict.fromkeys(found))[:_LOCS_AT_MOST]


def unpacked(data: bytes, url: str) -> bytes:
    """Decompress a gzipped sitemap, up to the greatest size of sitemaps; other files are returned unchanged."""
    if not url.lower().endswith(".xml.gz") or not data.startswith(_GZIP):
        return data
    try:
        return zlib.decompressobj(31).decompress(data, _SITEMAP_AT_MOST)
    except zlib.error:
        return data


def is_sitemap(data: bytes) -> bool:
    """Return whether a file is a sitemap or a list of sitemaps."""
    head = data[:2000].lower()
    return b"<urlset" in head or b"<sitemapindex" in head


def _host(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
            return None
        name = parts.hostname.lower().rstrip(".")
        if not name.isascii():
            name = name.encode("idna").decode("ascii")
        return name, parts.port or _PORTS[parts.scheme]
    except ValueError:
        return None
