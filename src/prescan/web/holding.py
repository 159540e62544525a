"""Stores uploads: `held/<scan id>/` in the store's folder has the file, its metadata, and its full result.

All of it may contain values: folders have mode 0700, files 0600; everything is removed when the case releases it.
"""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
import shutil
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.drafts import draft_of
from prescan.resources import __version__
from prescan.scanner import wire
from prescan.types import Context, Document

if TYPE_CHECKING:
    from pathlib import Path

    from prescan.types import ScanResult

_SOURCE: Final = "source"
_META: Final = "meta.json"
#: The name has the version, because another version may use another format; the file is then scanned again.
_RESULT: Final = f"result-{__version__}"


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload: its path, name and context."""

    path: Path = field(repr=False)
    name: str = field(repr=False)
    context: Context
    is_text: bool
    """Sent as text: scanned as it is, not read as a file."""


class Holding:
    """The folders of uploads."""

    def __init__(self, folder: Path) -> None:
        """Use these subfolders of `folder`, created if missing: incoming, held."""
        self._incoming = folder / "incoming"
        self._held = folder / "held"
        for subfolder in (self._incoming, self._held):
            subfolder.mkdir(mode=0o700, exist_ok=True)
            subfolder.chmod(0o700)

    def clear_incoming(self) -> None:
        """Remove incomplete uploads left by a killed server."""
        for left in self._incoming.iterdir():
            left.unlink(missing_ok=True)

    def incoming(self) -> tuple[Path, IO[bytes]]:
        """Return path and stream of a new file for an upload."""
        path = self._incoming / secrets.token_hex(16)
        return path, os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def keep(self, received: Path, scan_id: str, meta: dict[str, Any]) -> None:
        """Make a received file the upload of a scan, durably; `meta` comes from `metadata`."""
        folder = self._folder(scan_id)
        folder.mkdir(mode=0o700, exist_ok=True)
        _write(folder / _META, json.dumps(meta, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        received.replace(folder / _SOURCE)
        _sync(folder)
        _sync(self._held)

    def get(self, scan_id: str) -> Upload | None:
        """Return the upload of a scan, or None if it is gone."""
        folder = self._folder(scan_id)
        try:
            meta = json.loads((folder / _META).read_bytes().decode("utf-8", "surrogatepass"))
        except FileNotFoundError:
            return None
        if not (folder / _SOURCE).is_file():
            return None
        return Upload(folder / _SOURCE, meta["name"], wire.context(meta["context"]), meta["is_text"])

    def put_result(self, scan_id: str, result: ScanResult) -> None:
        """Store the full result, for pages and reports."""
        document = result.document
        document_fields = {name: getattr(document, name) for name in ("name", "media_type", "sha256")}
        folder = self._folder(scan_id)
        if not folder.is_dir():
            return  # the case was discarded meanwhile
        message = {"document": document_fields, "blocks": document.blocks, **wire.result_fields(result)}
        with draft_of(folder / _RESULT) as draft:
            with draft.open("wb") as stream:
                wire.send(stream, message)
            draft.replace(folder / _RESULT)

    def result(self, scan_id: str) -> ScanResult | None:
        """Return the full result of a scan, or None if it is gone."""
        try:
            with (self._folder(scan_id) / _RESULT).open("rb") as stream:
                message = wire.receive(stream)
        except FileNotFoundError:
            return None
        if message is None:
            return None
        blocks = tuple(wire.blocks(message.pop("blocks")))
        return wire.result(message, Document(**message.pop("document"), blocks=blocks))

    def has_result(self, scan_id: str) -> bool:
        """Return whether a result of this version of prescan is stored."""
        return (self._folder(scan_id) / _RESULT).is_file()

    def drop(self, scan_id: str) -> None:
        """Remove everything about a scan."""
        shutil.rmtree(self._folder(scan_id), ignore_errors=True)

    def ids(self) -> list[str]:
        """Return the ids of all stored scans."""
        return [path.name for path in self._held.iterdir()]

    def free_bytes(self) -> int:
        """Return the free disk space in bytes."""
        return shutil.disk_usage(self._held).free

    def _folder(self, scan_id: str) -> Path:
        if not scan_id.isalnum():  # ids are our own hex digits; no other string becomes a path
            raise ValueError(len(scan_id))
        return self._held / scan_id


def metadata(name: str, context: Context, *, is_text: bool) -> dict[str, Any]:
    """Return the metadata `Holding.keep` stores with an upload."""
    fields = dataclasses.asdict(context)
    dates = {key: fields[key].isoformat() if fields[key] else None for key in ("produced_on", "published_on")}
    return {"name": name, "context": {**fields, **dates}, "is_text": is_text}


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    """Flush a folder's entries to the disk (not on Windows, which has no such call)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
