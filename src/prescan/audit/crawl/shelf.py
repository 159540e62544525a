"""The storage of a crawl: a WARC, and beside it an index (SQLite) for the next crawl.

The record of an unchanged page is copied from the previous WARC, so that every WARC is complete. Both files are written
under temporary names and renamed when the crawl is done.
"""

from __future__ import annotations

import datetime
import gzip
import json
import os
import sqlite3
import uuid
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from prescan.audit.sources.warc import CUT_SHORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS pages (url TEXT PRIMARY KEY, etag TEXT, modified TEXT, begin INTEGER, size INTEGER,"
    " links TEXT NOT NULL) WITHOUT ROWID"
)
_KEPT_EVERY: Final = 50
#: Response headers that an audit or the next crawl may need.
_HEADERS: Final = ("Content-Type", "Last-Modified", "ETag", "Content-Disposition")


class Before(NamedTuple):
    """A page stored by an earlier crawl."""

    etag: str
    modified: str
    shelf: Shelf
    begin: int
    size: int
    links: list[str]


class Shelf:
    """A WARC with its index."""

    def __init__(self, path: Path, *, new: bool = False) -> None:
        """Open an existing one for reading, or create a new one."""
        self.path, self.index = path, path.with_name(f"{path.name}.index")
        if new:
            for old in (self.path, self.index):
                old.unlink(missing_ok=True)
        handle = os.open(path, os.O_RDWR | (os.O_CREAT if new else 0), 0o600)
        self._stream: IO[bytes] = os.fdopen(handle, "r+b")
        os.close(os.open(self.index, os.O_RDWR | (os.O_CREAT if new else 0), 0o600))
        self._db = sqlite3.connect(self.index, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.execute(_TABLE)
        self._unkept = 0
        if new:
            self._db.execute("BEGIN")
            self._write(_record("warcinfo", None, "application/warc-fields", b"software: prescan\r\n"))

    def before(self, url: str) -> Before | None:
        """Return a stored page that has an ETag or Last-Modified, else None."""
        row = self._db.execute("SELECT etag, modified, begin, size, links FROM pages WHERE url = ?", (url,)).fetchone()
        if row is None or not (row[0] or row[1]):
            return None
        return Before(row[0] or "", row[1] or "", self, row[2], row[3], json.loads(row[4]))

    def put(self, url: str, status: int, headers: Mapping[str, str], data: bytes, links: Iterable[str]) -> None:
        """Store a response."""
        shown = {name: headers[name] for name in _HEADERS if headers.get(name)}
        head = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in shown.items())
        answer = f"HTTP/1.1 {status} {'OK' if status < 400 else 'Failed'}\r\n{head}Content-Length: {len(data)}\r\n\r\n"  # noqa: PLR2004
        body = answer.encode("latin-1", "replace") + data
        begin, size = self._write(_record("response", url, "application/http; msgtype=response", body))
        if status < 400:  # noqa: PLR2004
            self._note(url, shown.get("ETag", ""), shown.get("Last-Modified", ""), begin, size, links)

    def copy(self, url: str, before: Before) -> None:
        """Copy the record of an unchanged page from an earlier crawl."""
        begin, size = self._write(before.shelf.read(before.begin, before.size))
        self._note(url, before.etag, before.modified, begin, size, before.links)

    def cut_short(self, why: str) -> None:
        """Store a record that the crawl is incomplete."""
        self._write(_record("resource", CUT_SHORT, "text/plain", why.encode()))

    def read(self, begin: int, size: int) -> bytes:
        """Return the bytes of a record."""
        self._stream.seek(begin)
        return self._stream.read(size)

    def close(self) -> None:
        """Commit and close both files."""
        if self._db.in_transaction:
            self._stream.flush()
            self._db.execute("COMMIT")
        self._db.close()
        self._stream.close()

    def _write(self, data: bytes) -> tuple[int, int]:
        begin = self._stream.seek(0, os.SEEK_END)
        self._stream.write(data)
        return begin, len(data)

    def _note(self, url: str, etag: str, modified: str, begin: int, size: int, links: Iterable[str]) -> None:  # noqa: PLR0913, PLR0917
        row = (url, etag, modified, begin, size, json.dumps(list(links)))
        self._db.execute("INSERT OR REPLACE INTO pages VALUES (?,?,?,?,?,?)", row)
        self._unkept += 1
        if self._unkept == _KEPT_EVERY:
            self._stream.flush()  # the index must not refer to records that are not in the file yet
            self._db.execute("COMMIT")
            self._db.execute("BEGIN")
            self._unkept = 0


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _record(kind: str, url: str | None, media_type: str, body: bytes) -> bytes:
    """Return one compressed WARC record."""
    now = datetime.datetime.now(tz=datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: {now}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return gzip.compress(head.encode("utf-8") + body + b"\r\n\r\n", 6)
