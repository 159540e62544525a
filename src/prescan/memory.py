"""Memory limits of child processes: a child limits itself before it opens the file it is given."""

from __future__ import annotations

import os
from typing import Final

_MB: Final = 1024 * 1024
#: If a library fails above this share of the limit, the cause was memory, whatever its exception says.
_NEAR: Final = 0.85


def limit(megabytes: int) -> int:
    """Limit the address space of this process for good. Return the limit in bytes; 0: the system cannot limit it."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return 0
    most = megabytes * _MB
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the document
    return most


def is_near(most: int) -> bool:
    """Return whether the address space is nearly used up; `most` is the number of bytes `limit` returned."""
    try:
        with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123
            used = int(stream.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return False
    return bool(most) and used > _NEAR * most


def resident_mb(process_id: int) -> int | None:
    """Return the resident memory of a process in MB; None where the system does not report it."""
    try:
        with open(f"/proc/{process_id}/statm", encoding="ascii") as stream:  # noqa: PTH123
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // _MB
    except (OSError, ValueError, IndexError):
        return None
