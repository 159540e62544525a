"""The configuration of a server from its command line, and the place of its store."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration of a server. Times are in seconds unless the name says otherwise."""

    folder: Path = field(repr=False)
    """The store: database, uploads, settings of the office; mode 0700."""
    host: str = "127.0.0.1"
    port: int = 8760
    names: tuple[str, ...] = ()
    """Additional host names under which a proxy forwards requests to this server."""
    secure: bool = False
    """Send cookies only over https: for a server behind a TLS proxy."""
    keep: bool = False
    """Keep uploads for `retention_days` even if their review has ended."""
    retention_days: int = 30
    """Uploads and findings are deleted at the latest so many days after the last change of their review."""
    log_days: int = 180
    api_seconds: int = 3600
    """How long uploads through the API are kept if nobody fetches their result."""
    queue: int = 256
    """The greatest number of files waiting for their scan; further ones are refused with 429."""
    small_bytes: int = 2 * MB
    """Requests with files up to this size wait for the result."""
    wait_seconds: float = 25.0
    silent_seconds: float = 20.0
    """A client that sends nothing for so long during a request is refused."""
    upload_seconds: float = 600.0
    disk_left_mb: int = 512
    """Uploads that would leave less free space are refused."""

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Return whether a host name or address means this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def default_folder() -> Path:
    """Return the default store: PRESCAN_STORE, else `prescan/desk` in the user's data folder."""
    named = os.environ.get("PRESCAN_STORE")
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".local" / "share"
    return Path(named) if named else Path(base) / "prescan" / "desk"
