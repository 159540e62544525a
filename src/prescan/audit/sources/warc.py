"""WARC and WACZ: archives written by crawlers.

Items are resources and responses with status 200; responses the server refused or failed to give become unread items.
Of several captures of an address the first counts. FastWARC (extra `audit`) parses the record headers; the payload goes
to a worker unparsed.
"""

from __future__ import annotations

import io
import itertools
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

from prescan.audit.extras import extra
from prescan.audit.sources import Broken, Item
from prescan.audit.sources.archive import MEMBER_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO, Any

    from prescan.audit.plan import Plan
    from prescan.audit.sources import Progress

_FOUND: Final = 200
#: The page may exist, but the crawler was refused: its content is unknown.
_REFUSED: Final = frozenset({401, 403, 429})
_FAILED: Final = 500
_NOT_HAD: Final = "抓取时没有取到（服务器出错、拒绝，或 robots.txt 不允许），内容未读，请用浏览器查看或重新抓取"
_GZIP: Final = b"\x1f\x8b\x08"
_PLAIN: Final = b"WARC/1."
_CHUNK: Final = 1 << 20
_HEAD: Final = 512
_DAMAGES_AT_MOST: Final = 1_000
#: The address of the record by which `audit crawl` marks an incomplete crawl.
CUT_SHORT: Final = "urn:prescan:crawl:incomplete"
_CUT: Final = "WARC 有损坏的记录，其后的内容可能未读，请用原抓取程序核对后再运行"


def items(path: Path, _plan: Plan, progress: Progress) -> Iterator[Item | Broken]:
    """Yield the responses of a WARC, or of every WARC in a WACZ."""
    if path.suffix.lower() != ".wacz":
        with path.open("rb") as stream:
            yield from _records(stream, path.name, progress)
        return
    try:
        with zipfile.ZipFile(path) as package:
            for name in sorted(package.namelist()):
                passed = progress.after is not None and f"{path.name}/{name}" < progress.after[0]
                if name.lower().endswith((".warc", ".warc.gz")) and not passed:
                    with _seekable(package, name) as stream:
                        yield from _records(stream, f"{path.name}/{name}", progress)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        yield Item(path.name, code="corrupted", detail=_CUT)
        yield Broken(_CUT)


def splits(path: Path, size: int) -> list[tuple[int, int]]:
    """Return byte ranges of a WARC that can be read separately: one unless each record is compressed by itself."""
    with path.open("rb") as stream:
        compressed = path.suffix.lower() == ".gz" and stream.read(2) == _GZIP[:2]
    total = path.stat().st_size
    edges = [*range(0, total, size), total] if compressed and total else [0, total]
    return list(itertools.pairwise(edges))


def part(path: Path, begin: int, end: int, progress: Progress) -> Iterator[Item | Broken]:
    """Yield the responses whose records begin in the byte range [begin, end), as returned by `splits`."""
    with path.open("rb") as stream:
        start = _record(stream, begin) if begin else 0
        if start is not None and (start < end or not end):
            yield from _records(stream, path.name, progress, start, end)


def _record(stream: IO[bytes], begin: int) -> int | None:
    """Return the offset of the first compressed record at or after `begin`, or None."""
    found = _next(stream, _GZIP, begin)
    while found is not None:
        stream.seek(found)
        try:
            if zlib.decompressobj(31).decompress(stream.read(_HEAD), len(_PLAIN)) == _PLAIN:
                return found
        except zlib.error:
            pass  # only looked like the beginning of a record
        found = _next(stream, _GZIP, found + 1)
    return None


@contextmanager
def _seekable(package: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    with package.open(name) as member, io.BufferedReader(cast("io.RawIOBase", member)) as stream:
        yield stream


def _records(
    stream: IO[bytes], name: str, progress: Progress, start: int = 0, end: int | None = None
) -> Iterator[Item | Broken]:
    """Yield the items of records that begin before `end`; after a damaged record, reading continues at the next one."""
    warc = extra("fastwarc.warc", "WARC")
    kinds = warc.WarcRecordType.response | warc.WarcRecordType.resource
    stream.seek(0)
    magic = _GZIP if stream.read(2) == _GZIP[:2] else _PLAIN
    begin: int | None = start
    if progress.after is not None and progress.after[0] == name:
        begin = _next(stream, magic, progress.after[1] + 1)
    broken = 0
    while begin is not None and (end is None or begin < end) and broken < _DAMAGES_AT_MOST:
        stream.seek(begin)
        last = begin
        try:
            for record in warc.ArchiveIterator(stream, record_types=kinds, parse_http=False):
                last = max(last, record.stream_pos)
                if end is not None and last >= end:
                    break
                progress.begin([name, last], _address(record))
                item = _item(record)
                if item is None:
                    progress.nothing()
                else:
                    broken += isinstance(item, Item) and item.code == "corrupted"
                    yield item
            break
        except (OSError, ValueError, EOFError):
            broken += 1
            begin = _next(stream, magic, last + 1)
    if broken:
        yield Item(name, code="corrupted", detail=_CUT)
        yield Broken(_CUT)


def _next(stream: IO[bytes], magic: bytes, start: int) -> int | None:
    """Return the offset of the next `magic` at or after `start`, or None."""
    stream.seek(start)
    at, tail = start, b""
    while chunk := stream.read(_CHUNK):
        index = (tail + chunk).find(magic)
        if index >= 0:
            return at - len(tail) + index
        at += len(chunk)
        tail = chunk[1 - len(magic) :]
    return None


def _item(record: Any) -> Item | Broken | None:  # noqa: ANN401  FastWARC has no types
    url = _address(record)
    if url == CUT_SHORT:
        return Broken(f"抓取没有看全（{record.reader.read(_HEAD).decode('utf-8', 'replace')}）")
    if not url.startswith(("http://", "https://")):
        return None
    if record.content_length > MEMBER_BYTES:
        return Item(url, code="too_large")
    raw = record.reader.read(record.content_length)
    if len(raw) < record.content_length:  # the file is cut off here, which FastWARC does not report
        return Item(url, code="corrupted")
    return _response_item(record, url, raw) if record.is_http else _item_of_bytes(url, raw)


def _address(record: Any) -> str:  # noqa: ANN401
    return str(record.headers.get("WARC-Target-URI") or "").strip("<>")


def _response_item(record: Any, url: str, raw: bytes) -> Item | None:  # noqa: ANN401
    """Return the item of an HTTP response; None if its status is not 200 and no failure."""
    try:
        record.set_bytes_content(raw)
        record.parse_http(auto_decode="all")
        status = record.http_headers.status_code if record.http_headers else _FOUND
        if status is None:  # an invalid status line
            return Item(url, code="corrupted")
        if status in _REFUSED or status >= _FAILED:
            return Item(url, code="unreadable", detail=_NOT_HAD)
        return _item_of_bytes(url, record.reader.read(MEMBER_BYTES + 1)) if status == _FOUND else None
    except (OSError, ValueError):
        return Item(url, code="corrupted")


def _item_of_bytes(url: str, data: bytes) -> Item:
    if len(data) > MEMBER_BYTES:
        return Item(url, code="too_large")
    return Item(url, data=bytes(data)) if data else Item(url, code="empty")
