"""The database of the desk: SQLite through SQLAlchemy, with durable commits, in a folder only its owner can read."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from prescan.errors import SettingsError
from prescan.web.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

FILE_NAME: Final = "desk.sqlite"
_SCHEMA: Final = 1
#: Triggers that make the log append-only; `trail.purge` drops one of them to delete old lines.
APPEND_ONLY: Final = (
    "CREATE TRIGGER IF NOT EXISTS log_no_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'append only'); END",
    "CREATE TRIGGER IF NOT EXISTS log_no_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'append only'); END",
)


class Store:
    """A database with parallel reads and serialised writes."""

    def __init__(self, folder: Path) -> None:
        """Open the store in `folder`, created (mode 0700) if missing. Raises SettingsError if it cannot be used."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            path = folder / FILE_NAME
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            path.chmod(0o600)
        except OSError:
            raise SettingsError(f"无法使用存储文件夹 {folder}，请检查路径和权限") from None
        self._writing = threading.Lock()
        self._engine = create_engine(
            f"sqlite:///{path}", connect_args={"timeout": 30}, pool_size=10, max_overflow=60, hide_parameters=True
        )
        event.listen(self._engine, "connect", _connected)
        event.listen(self._engine, "begin", _begun)
        with self.write() as session:
            version = session.execute(text("PRAGMA user_version")).scalar_one()
            if version > _SCHEMA:
                raise SettingsError(f"{path} 由更新版本的 prescan 建立，请升级后再用")
            Base.metadata.create_all(session.connection())
            for statement in APPEND_ONLY:
                session.execute(text(statement))
            session.execute(text(f"PRAGMA user_version = {_SCHEMA}"))

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Return a session that sees one consistent state."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Return a session that is committed durably when the block ends, or rolled back after an exception."""
        with self._writing, Session(self._engine.execution_options(write=True), expire_on_commit=False) as session:
            yield session
            session.commit()

    def compact(self) -> None:
        """Vacuum the database and empty its write-ahead log."""
        with self._writing:
            connection = self._engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()
            finally:
                connection.close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _connected(connection: Any, _record: Any) -> None:  # noqa: ANN401  sqlite3's own
    connection.isolation_level = None  # `_begun` sends BEGIN: writes must lock at once, or two of them deadlock
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")
