"""The store of an audit (SQLite, WAL, mode 0600): findings by fingerprints and keyed hashes, never a value.

item     a page or annex at one place
content  the findings in given bytes under a given state of rules and models; items with equal bytes share it
track    one doubt (fingerprint; column `mark`) at one place over time
batch    one pass over all sources; a run is the part of a batch that one shard did

An item is written in one transaction.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from prescan.errors import PrescanError
from prescan.types import FindingRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SCHEMA: Final = "1"
_BUSY_SECONDS: Final = 60.0
_HASH_BYTES: Final = 16
_TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE batches (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, sources TEXT NOT NULL, shards INTEGER NOT NULL, versions TEXT NOT NULL,
    settings TEXT NOT NULL, today TEXT NOT NULL, started TEXT NOT NULL, finished TEXT, reported TEXT, counts TEXT);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, shard INTEGER NOT NULL, started TEXT NOT NULL, finished TEXT,
    seconds REAL NOT NULL DEFAULT 0, counts TEXT, UNIQUE (batch, shard));
CREATE TABLE contents (
    id INTEGER PRIMARY KEY, scan_key BLOB NOT NULL UNIQUE, sha256 TEXT, media_type TEXT, chars INTEGER NOT NULL,
    title TEXT, doc_number TEXT, verdict TEXT NOT NULL, attribute TEXT, share REAL, abstained INTEGER, declared TEXT,
    conflict INTEGER, handling TEXT, catalogue TEXT, basis TEXT NOT NULL, unread TEXT NOT NULL, dates TEXT NOT NULL,
    page TEXT NOT NULL, batch INTEGER NOT NULL);
CREATE TABLE findings (
    content INTEGER NOT NULL, n INTEGER NOT NULL, mark BLOB NOT NULL, rule TEXT NOT NULL, type TEXT NOT NULL,
    category TEXT NOT NULL, level TEXT NOT NULL, confidence TEXT NOT NULL, masked TEXT NOT NULL, excerpt TEXT NOT NULL,
    place TEXT NOT NULL, part TEXT NOT NULL, evidence TEXT NOT NULL, value BLOB, person BLOB,
    PRIMARY KEY (content, n)) WITHOUT ROWID;
CREATE INDEX findings_value ON findings (value) WHERE value IS NOT NULL;
CREATE TABLE masks (
    content INTEGER NOT NULL, name BLOB NOT NULL, kind TEXT NOT NULL, shape TEXT NOT NULL, digits TEXT NOT NULL,
    outline TEXT NOT NULL);
CREATE INDEX masks_name ON masks (name);
CREATE INDEX masks_content ON masks (content);
CREATE TABLE rules (
    id TEXT PRIMARY KEY, message TEXT NOT NULL, basis TEXT NOT NULL, advice TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE items (
    id INTEGER PRIMARY KEY, place_key BLOB NOT NULL UNIQUE, shown TEXT NOT NULL, source TEXT NOT NULL,
    spread INTEGER NOT NULL, annex INTEGER NOT NULL, title TEXT, channel TEXT, folder TEXT, unit TEXT, produced TEXT,
    published TEXT, declared TEXT, content INTEGER NOT NULL, first_batch INTEGER NOT NULL, batch INTEGER NOT NULL,
    gone INTEGER, gone_on TEXT);
CREATE INDEX items_content ON items (content);
CREATE TABLE links (
    page BLOB NOT NULL, annex BLOB NOT NULL, batch INTEGER NOT NULL, PRIMARY KEY (annex, page)) WITHOUT ROWID;
CREATE INDEX links_page ON links (page);
CREATE TABLE tracks (
    item INTEGER NOT NULL, mark BLOB NOT NULL, rule TEXT NOT NULL, type TEXT NOT NULL, level TEXT NOT NULL,
    number INTEGER NOT NULL, beyond TEXT, first_batch INTEGER NOT NULL, first_on TEXT NOT NULL, closed_batch INTEGER,
    closed_on TEXT, closed_why TEXT, back_batch INTEGER, back_on TEXT, verdict TEXT, reason TEXT, by TEXT, until TEXT,
    decided_on TEXT, measure TEXT, caches TEXT, line TEXT, PRIMARY KEY (item, mark)) WITHOUT ROWID;
CREATE INDEX tracks_open ON tracks (item) WHERE closed_batch IS NULL;
"""
#: Words in SQLite's messages → sentence. The run stops and can be resumed; nothing finished is lost.
_TROUBLES: Final = {
    "locked": "另一个程序正在使用它，请等其结束后再运行",
    "busy": "另一个程序正在使用它，请等其结束后再运行",
    "full": "磁盘已满，请腾出空间后再运行",
    "readonly": "没有写权限，请检查文件和文件夹的权限",
    "i/o": "读写磁盘出错，请检查磁盘后再运行",
    "unable to open": "无法打开，请检查路径和权限",
    "not a database": "它不是 prescan 的审计库，请换一个路径",
    "malformed": "库已损坏，请改用备份，或换一个路径重新审计",
}


@contextlib.contextmanager
def plain_errors(path: Path | str) -> Iterator[None]:
    """Turn SQLite errors into a PrescanError that says what is wrong with the store and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        message = str(error).lower()
        why = next((sentence for word, sentence in _TROUBLES.items() if word in message), "读写出错，请检查磁盘与权限")
        raise PrescanError(f"审计库 {path}：{why}。已完成的部分已保存，再次运行会接着做") from error


class Store:
    """A connection to a store. Use as a context manager; every method may raise sqlite3.Error (see `plain_errors`)."""

    def __init__(self, path: str | os.PathLike[str], key: bytes, *, create: bool = False) -> None:
        """Open or create a store. Raises PrescanError: missing, not a store, or made with another key."""
        self.path = Path(path)
        self._key = key
        self.rules: dict[str, Any] = {}
        """What this connection wrote about each rule, so that equal descriptions are not written again."""
        if not self.path.exists():
            if not create:
                raise PrescanError(f"没有审计库 {self.path}，请先运行 prescan audit run")
            self._make_private()
        with plain_errors(self.path):
            self.db = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
            self.db.row_factory = sqlite3.Row
            self._begin()

    def _make_private(self) -> None:
        try:
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return  # another shard was first
        except OSError:
            raise PrescanError(f"无法建立审计库 {self.path}，请检查路径和权限") from None

    def _begin(self) -> None:
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.execute("PRAGMA cache_size=-16000")
        with self.transaction():
            if not self.value("SELECT count(*) FROM sqlite_master"):
                for statement in filter(str.strip, _TABLES.split(";\n")):
                    self.db.execute(statement)
                self.db.execute("INSERT INTO meta VALUES ('schema', ?), ('key', ?)", (SCHEMA, self.hashed("key").hex()))
        if self.value("SELECT name FROM sqlite_master WHERE name = 'meta'") is None:
            raise PrescanError(f"{self.path} 不是 prescan 的审计库，请换一个路径")
        known = dict(self.db.execute("SELECT name, value FROM meta").fetchall())
        if known.get("schema") != SCHEMA:
            raise PrescanError(f"审计库 {self.path} 的格式不是这一版的，请换一个路径")
        if known.get("key") != self.hashed("key").hex():
            raise PrescanError(f"审计库 {self.path} 是用另一把密钥建的，请在设置 key_file 中给出原来的密钥文件")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block in a transaction, rolled back if it raises."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.rules.clear()
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def hashed(self, *parts: str) -> bytes:
        """Return a hash of strings that must not be stored, under the store's key."""
        return hashed(self._key, *parts)

    def value(self, query: str, parameters: Sequence[Any] = ()) -> Any:  # noqa: ANN401  what a column holds
        """Return the first column of the first row, or None."""
        row = self.db.execute(query, parameters).fetchone()
        return row[0] if row else None

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[sqlite3.Row]:
        """Yield rows as they are read; memory does not grow with their number."""
        yield from self.db.execute(query, parameters)

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the store."""
        self.close()


def hashed(key: bytes, *parts: str) -> bytes:
    """Return a keyed hash of strings, as stores use it."""
    message = "\x1f".join(("store", *parts)).encode("utf-8", "surrogatepass")
    return hmac.digest(key, message, "sha256")[:_HASH_BYTES]


def add_content(store: Store, scan_key: bytes, brief: dict[str, Any], batch: int, old: int | None) -> int:
    """Store a brief as a content and return its id.

    `old` is the id of the content stored under this scan key before, which is replaced; None if there is none.
    """
    suggestion = brief["suggestion"] or {}
    if old is not None:
        for table in ("findings", "masks"):
            store.db.execute(f"DELETE FROM {table} WHERE content = ?", (old,))
        store.db.execute("DELETE FROM contents WHERE id = ?", (old,))
    values = {
        "id": old,
        "scan_key": scan_key,
        "batch": batch,
        "basis": _json(suggestion.get("basis", [])),
        **{name: brief[name] for name in _OF_BRIEF},
        **{name: suggestion.get(name) for name in _OF_SUGGESTION},
        **{name: _json(brief[name]) for name in _AS_JSON},
    }
    made = store.db.execute(
        f"INSERT INTO contents ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", [*values.values()]
    )
    number = int(made.lastrowid or 0)
    store.db.executemany(
        _INSERT_FINDING,
        (
            (number, n, *(convert(value) if convert else value for convert, value in zip(_TO_COLUMN, row, strict=True)))
            for n, row in enumerate(brief["findings"])
        ),
    )
    if brief["masks"]:
        store.db.executemany(
            "INSERT INTO masks VALUES (?,?,?,?,?,?)",
            ((number, bytes.fromhex(m[0]), m[1], m[2], ",".join(m[3]), m[4]) for m in brief["masks"]),
        )
    for rule, description in brief["rules"].items():
        if store.rules.get(rule) != description:
            message, basis, advice = store.rules[rule] = description
            store.db.execute(
                "INSERT INTO rules VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET message=?2, basis=?3, advice=?4",
                (rule, message, _json(basis), advice),
            )
    return number


def brief_of_content(store: Store, content: int) -> dict[str, Any]:
    """Return the brief of a stored content, as `add_content` of another store takes it."""
    row = store.db.execute("SELECT * FROM contents WHERE id = ?", (content,)).fetchone()
    suggestion = {**{name: row[name] for name in _OF_SUGGESTION}, "basis": json.loads(row["basis"])}
    finding_rows = store.db.execute("SELECT * FROM findings WHERE content = ? ORDER BY n", (content,)).fetchall()
    masks = store.db.execute("SELECT * FROM masks WHERE content = ?", (content,)).fetchall()
    rules = {}
    for rule in sorted({one["rule"] for one in finding_rows}):
        description = store.db.execute("SELECT message, basis, advice FROM rules WHERE id = ?", (rule,)).fetchone()
        rules[rule] = [description["message"], json.loads(description["basis"]), description["advice"]]
    return {
        **{name: row[name] for name in _OF_BRIEF},
        **{name: json.loads(row[name]) for name in _AS_JSON},
        "suggestion": None if row["attribute"] is None else suggestion,
        "findings": [
            [
                from_column(one[name]) if from_column else one[name]
                for name, from_column in zip(_FIELD_COLUMNS, _FROM_COLUMN, strict=True)
            ]
            for one in finding_rows
        ],
        "masks": [
            [one["name"].hex(), one["kind"], one["shape"], one["digits"].split(","), one["outline"]] for one in masks
        ],
        "rules": rules,
        "links": [],
    }


def _unhex(value: str | None) -> bytes | None:
    return bytes.fromhex(value) if value else None


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()


def _json(value: object) -> str:
    return _ENCODER.encode(value)


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False)
#: Columns of `contents` with the same name in a brief, in its suggestion, and those stored as JSON.
_OF_BRIEF: Final = ("sha256", "media_type", "chars", "title", "doc_number", "verdict")
_OF_SUGGESTION: Final = ("attribute", "share", "abstained", "declared", "conflict", "handling", "catalogue")
_AS_JSON: Final = ("unread", "dates", "page")
#: Fields of a FindingRow that are converted: field → (to the column, from the column).
_STORED: Final[dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]]] = {
    "fingerprint": (bytes.fromhex, bytes.hex),
    "evidence": (_json, json.loads),
    "value": (_unhex, _hex),
    "person": (_unhex, _hex),
}
_TO_COLUMN: Final = [_STORED.get(name, (None, None))[0] for name in FindingRow._fields]
_FROM_COLUMN: Final = [_STORED.get(name, (None, None))[1] for name in FindingRow._fields]
_FIELD_COLUMNS: Final = tuple("mark" if name == "fingerprint" else name for name in FindingRow._fields)
_COLUMNS: Final = ("content", "n", *_FIELD_COLUMNS)
_INSERT_FINDING: Final = f"INSERT INTO findings ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
