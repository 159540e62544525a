"""Parts of an audit that were scanned elsewhere and are merged into one store: stores of shards, results of a cluster.

`opened` opens a part, which knows the batch it belongs to and yields items in the form `entering` takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from prescan.audit.batches import BatchIdentity
    from prescan.audit.entering import Entry


@dataclass(frozen=True, slots=True)
class Found:
    """One item of a part."""

    entry: Entry
    source: str
    scan_key: bytes
    brief: Callable[[], dict[str, Any]]
    """Called only if the store does not have the content yet."""
    anew: bool
    """The content was scanned in this batch and replaces an earlier one with the same scan key."""
    links: tuple[bytes, ...] = ()
    ids: Mapping[bytes, str] = field(default_factory=dict)
    """Finding ids by fingerprint, for a baseline; may be empty."""
    verdicts: tuple[tuple[Any, ...], ...] = ()
    """Decisions stored in the part: fingerprint and the columns of `DECIDED`."""


#: The columns of tracks with people's decisions.
DECIDED = ("verdict", "reason", "by", "until", "decided_on", "measure", "caches")


class Done(NamedTuple):
    """A finished run (shard) of a part."""

    shard: int
    seconds: float
    counts: Mapping[str, Any]


class Part(Protocol):
    """A part of an audit."""

    path: Path
    identity: BatchIdentity
    done: tuple[Done, ...]

    def found(self) -> Iterator[Found]:
        """Yield the scanned items, each place once."""

    def links(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the links of this batch as (page, annex)."""

    def gone(self) -> Iterator[bytes]:
        """Yield the places this part itself knows to be gone since its previous batch."""

    def close(self) -> None:
        """Close files."""


def opened(path: Path, key: bytes) -> Part:
    """Open a part. Raises PrescanError: missing, not one of ours, unfinished, or made with another key."""
    from prescan.audit.parts.cluster import ClusterPart  # noqa: PLC0415  only what is needed
    from prescan.audit.parts.shard import StorePart  # noqa: PLC0415

    if not path.exists():
        raise PrescanError(f"找不到 {path}，请核对路径")
    return ClusterPart(path, key) if path.is_dir() else StorePart(path, key)
