"""Uploads in the store's own folder: `held/<scan id>/` with the file, what it was called, and what was read of it.

Everything here may hold values: folders 0700, files 0600, gone as soon as the case lets them go.
"""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
import shutil
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final

from prescan.resources import __version__
from prescan.scanner import wire
from prescan.types import Context, Document

if TYPE_CHECKING:
    from pathlib import Path

    from prescan.types import ScanResult

_SOURCE: Final = "source"
_META: Final = "meta.json"
#: Named by version: another one may write it down differently, so the file is scanned again.
_RESULT: Final = f"result-{__version__}"
_FIELDS: Final = ("findings", "suggestion", "unread", "verdict", "versions", "today", "title", "doc_number")


@dataclass(frozen=True, slots=True)
class Held:
    """An upload: what it is called, what is known of it, and where it lies."""

    path: Path = field(repr=False)
    name: str = field(repr=False)
    context: Context
    is_text: bool
    """Sent as text: it is scanned as it is, not read as a file."""


class Holding:
    """The folder of uploads."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`."""
        self._incoming = folder / "incoming"
        self._held = folder / "held"
        for made in (self._incoming, self._held):
            made.mkdir(mode=0o700, exist_ok=True)
            made.chmod(0o700)

    def clear_incoming(self) -> None:
        """Remove what a killed server left half received."""
        for left in self._incoming.iterdir():
            left.unlink(missing_ok=True)

    def incoming(self) -> tuple[Path, IO[bytes]]:
        """Return a new file to receive an upload in."""
        path = self._incoming / secrets.token_hex(16)
        return path, os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def keep(self, received: Path, scan_id: str, held: dict[str, Any]) -> None:
        """Make a received file the upload of a scan: on the disk when this returns."""
        folder = self._folder(scan_id)
        folder.mkdir(mode=0o700, exist_ok=True)
        _write(folder / _META, json.dumps(held, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        received.replace(folder / _SOURCE)
        _sync(folder)
        _sync(self._held)

    def get(self, scan_id: str) -> Held | None:
        """Return the upload of a scan, or None if it is gone."""
        folder = self._folder(scan_id)
        try:
            meta = json.loads((folder / _META).read_bytes().decode("utf-8", "surrogatepass"))
        except FileNotFoundError:
            return None
        if not (folder / _SOURCE).is_file():
            return None
        return Held(folder / _SOURCE, meta["name"], wire.context(meta["context"]), meta["is_text"])

    def put_result(self, scan_id: str, result: ScanResult) -> None:
        """Hold what was read and found, for pages and reports."""
        document = result.document
        told = {name: getattr(document, name) for name in ("name", "media_type", "sha256")}
        folder = self._folder(scan_id)
        if not folder.is_dir():
            return  # discarded meanwhile
        draft = folder / f"{_RESULT}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            found = {name: getattr(result, name) for name in _FIELDS}
            wire.send(stream, {"document": told, "blocks": document.blocks, **found})
        draft.replace(folder / _RESULT)

    def result(self, scan_id: str) -> ScanResult | None:
        """Return what was read and found, or None if it is gone."""
        try:
            with (self._folder(scan_id) / _RESULT).open("rb") as stream:
                told = wire.receive(stream)
        except FileNotFoundError:
            return None
        if told is None:
            return None
        blocks = tuple(wire.blocks(told.pop("blocks")))
        return wire.result(told, Document(**told.pop("document"), blocks=blocks))

    def has_result(self, scan_id: str) -> bool:
        """Tell whether what this version of prescan found is held."""
        return (self._folder(scan_id) / _RESULT).is_file()

    def drop(self, scan_id: str) -> None:
        """Remove everything of a scan."""
        shutil.rmtree(self._folder(scan_id), ignore_errors=True)

    def ids(self) -> list[str]:
        """Return the scans that have something here."""
        return [path.name for path in self._held.iterdir()]

    def free_bytes(self) -> int:
        """Return the free space."""
        return shutil.disk_usage(self._held).free

    def _folder(self, scan_id: str) -> Path:
        if not scan_id.isalnum():  # ids are our own hex; a path is never made of anything else
            raise ValueError(len(scan_id))
        return self._held / scan_id


def described(name: str, context: Context, *, is_text: bool) -> dict[str, Any]:
    """Return what `Holding.keep` writes down about an upload."""
    known = dataclasses.asdict(context)
    dates = {key: known[key].isoformat() if known[key] else None for key in ("produced_on", "published_on")}
    return {"name": name, "context": {**known, **dates}, "is_text": is_text}


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    """Make the names in a folder durable (not on Windows, which has no such call)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
