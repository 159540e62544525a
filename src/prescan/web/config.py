"""What a server may be told on its command line, and where its store is."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Config:
    """One server. Times in seconds unless the name says otherwise."""

    folder: Path = field(repr=False)
    """The store: database, uploads, settings of the office; 0700."""
    host: str = "127.0.0.1"
    port: int = 8760
    names: tuple[str, ...] = ()
    """Host names under which a proxy reaches this server, beside its own address."""
    secure: bool = False
    """Cookies only over https: for a server behind a proxy that speaks TLS."""
    keep: bool = False
    """Uploads stay until `retention_days` are over, also when their review has ended."""
    retention_days: int = 30
    """Uploads and findings go at the latest so long after the last change of their review."""
    log_days: int = 180
    api_seconds: int = 3600
    """How long what came through the API alone is held if nobody fetches its result."""
    queue: int = 256
    """Files waiting to be scanned; one more is answered with 429."""
    small_bytes: int = 2 * MB
    """Up to this size a request waits for its result."""
    wait_seconds: float = 25.0
    silent_seconds: float = 20.0
    """A client that sends nothing for so long in the middle of a request is turned away."""
    upload_seconds: float = 600.0
    disk_left_mb: int = 512
    """Uploads are refused where they would leave less free space than this."""

    @property
    def loopback(self) -> bool:
        """Tell whether only this machine reaches the server."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Tell whether a host to bind to is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def default_folder() -> Path:
    """Return the store of this user: PRESCAN_STORE, else `prescan/desk` in the user's data folder."""
    named = os.environ.get("PRESCAN_STORE")
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".local" / "share"
    return Path(named) if named else Path(base) / "prescan" / "desk"
