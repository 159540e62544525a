"""WARC and WACZ: what a crawler stored.

Responses with status 200 and resources; of an address that was captured twice the first capture counts.

Parsed by FastWARC (extra `audit`) in this process: record headers only, the payload goes to a worker as it is.
"""

from __future__ import annotations

import io
import zipfile
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

_FOUND: Final = 200
_CUT: Final = "WARC 有损坏的记录，其后的内容可能未读，请用原抓取程序核对后再运行"


def items(path: Path, _plan: Plan) -> Iterator[Item | Broken]:
    """Yield the responses of a WARC, or of every WARC in a WACZ."""
    if path.suffix.lower() != ".wacz":
        with path.open("rb") as stream:
            yield from _records(stream, path.name)
        return
    try:
        with zipfile.ZipFile(path) as package:
            for name in sorted(package.namelist()):
                if name.lower().endswith((".warc", ".warc.gz")):
                    with _seekable(package, name) as stream:
                        yield from _records(stream, f"{path.name}/{name}")
    except zipfile.BadZipFile:
        yield Item(path.name, code="corrupted", detail=_CUT)
        yield Broken(_CUT)


@contextmanager
def _seekable(package: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    with package.open(name) as member, io.BufferedReader(cast("io.RawIOBase", member)) as stream:
        yield stream


def _records(stream: IO[bytes], name: str) -> Iterator[Item | Broken]:
    warc = extra("fastwarc.warc", "WARC")
    kinds = warc.WarcRecordType.response | warc.WarcRecordType.resource
    broken, records = False, iter(warc.ArchiveIterator(stream, record_types=kinds, parse_http=False))
    seen = 0
    while True:
        try:
            record = next(records, None)
            if record is None:
                break
            seen += 1
            item = _item(record)
        except (OSError, ValueError, RuntimeError, EOFError):
            broken = True
            if not seen:
                break
            seen = 0  # two failures without a record between them: the rest cannot be read
            continue
        if item:
            yield item
    if broken:
        yield Item(name, code="corrupted", detail=_CUT)
        yield Broken(_CUT)


def _item(record: Any) -> Item | None:  # noqa: ANN401  FastWARC has no types
    url = str(record.headers.get("WARC-Target-URI") or "").strip("<>")
    if not url.startswith(("http://", "https://")):
        return None
    if record.is_http:
        try:
            record.parse_http(auto_decode="all")
        except (OSError, ValueError):
            return Item(url, code="corrupted")
        if record.http_headers is not None and record.http_headers.status_code != _FOUND:
            return None
    try:
        data = record.reader.read(MEMBER_BYTES + 1)
    except (OSError, ValueError):
        return Item(url, code="corrupted")
    if len(data) > MEMBER_BYTES:
        return Item(url, code="too_large")
    return Item(url, data=bytes(data)) if data else Item(url, code="empty")
