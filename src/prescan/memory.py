"""The memory a child process may take: the child limits itself before it touches what it was given."""

from __future__ import annotations

import os
from typing import Final

_MB: Final = 1024 * 1024
#: A library that fails this close to the limit failed for want of memory, whatever it says.
_NEAR: Final = 0.85


def limit(megabytes: int) -> int:
    """Limit the address space of this process for good; return the limit in bytes, 0 where the system has none."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return 0
    most = megabytes * _MB
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the document
    return most


def is_near(most: int) -> bool:
    """Tell whether the address space is nearly used up; `most` is what `limit` returned."""
    try:
        with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123
            used = int(stream.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return False
    return bool(most) and used > _NEAR * most


def resident_mb(process_id: int) -> int | None:
    """Return how much a process holds in memory; None where the system does not tell."""
    try:
        with open(f"/proc/{process_id}/statm", encoding="ascii") as stream:  # noqa: PTH123
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // _MB
    except (OSError, ValueError, IndexError):
        return None
