"""Parts of an audit that were done elsewhere and are merged into one store: stores of shards, results of a cluster.

A part is opened by `opened`; it knows what look it belongs to and yields what was found, ready to be entered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from prescan.audit.batches import Look
    from prescan.audit.entering import Entry


@dataclass(frozen=True, slots=True)
class Found:
    """One item as a part has it."""

    entry: Entry
    source: str
    scan_key: bytes
    brief: Callable[[], dict[str, Any]]
    """Only asked for where the store does not hold what was found in these bytes."""
    anew: bool
    """Found in this very look: takes the place of what an earlier look said of the same bytes."""
    links: tuple[bytes, ...] = ()
    ids: Mapping[bytes, str] = field(default_factory=dict)
    """The id of each finding by its mark, where a baseline may want it."""
    verdicts: tuple[tuple[Any, ...], ...] = ()
    """Decisions the part holds: mark and the columns of `DECIDED`."""


#: What people decided, as columns of tracks.
DECIDED = ("verdict", "reason", "by", "until", "decided_on", "measure", "caches")


class Done(NamedTuple):
    """What a part did of its look."""

    shard: int
    seconds: float
    counts: Mapping[str, Any]


class Part(Protocol):
    """A part of an audit."""

    path: Path
    look: Look
    done: tuple[Done, ...]

    def found(self) -> Iterator[Found]:
        """Yield what was looked at, each place once."""

    def links(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield (page, annex) as this look saw them."""

    def gone(self) -> Iterator[bytes]:
        """Yield the places that this part itself knows to be gone since its last look."""

    def close(self) -> None:
        """Let go of files."""


def opened(path: Path, key: bytes) -> Part:
    """Return a part. Raises PrescanError: it is not there, not one of ours, not finished, made under another key."""
    from prescan.audit.parts.cluster import ClusterPart  # noqa: PLC0415  only what is needed
    from prescan.audit.parts.shard import StorePart  # noqa: PLC0415

    if not path.exists():
        raise PrescanError(f"找不到 {path}，请核对路径")
    return ClusterPart(path, key) if path.is_dir() else StorePart(path, key)
