"""The child process that parses an audit source (`python -P -m prescan.audit._reader`): containers are untrusted input.

The request arrives on standard input; items go to a duplicate of descriptor 1 (sources/apart.py), while descriptor 1
itself points to stderr.
"""

from __future__ import annotations

import os
import sys

from prescan import memory


def main() -> None:
    """Read one source to its end."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of a library must not be taken for a message
    from prescan.audit import sources  # noqa: PLC0415  imports may print: only after descriptor 1 has moved
    from prescan.audit.plan import Plan  # noqa: PLC0415
    from prescan.audit.sources import Broken, Progress, apart  # noqa: PLC0415
    from prescan.errors import PrescanError, SettingsError  # noqa: PLC0415

    message = apart.receive(sys.stdin.buffer)
    if message is None:
        return
    request, _ = message
    limit = memory.limit(request["memory_mb"])
    plan = Plan(**{**request["plan"], "skip": tuple(request["plan"]["skip"])})
    progress = Progress(request["after"], request["skip"])
    if request["careful"]:
        progress.report = lambda position, place: apart.send(out, {"at": position, "place": place})
    try:
        for item in sources.items(request["source"], plan, request["span"], progress):
            if isinstance(item, Broken):
                apart.send(out, {"broken": item.why})
            else:
                apart.send(out, {**apart.row(item), "position": progress.position}, item.data)
        apart.send(out, {"end": True})
    except PrescanError as error:
        kind = "SettingsError" if isinstance(error, SettingsError) else "PrescanError"
        apart.send(out, {"fatal": kind, "detail": str(error)})
    except MemoryError:
        apart.send(out, {"failure": "memory"})
    except Exception:  # noqa: BLE001  whatever a parser raises is reported for this source
        apart.send(out, {"failure": "memory" if memory.is_near(limit) else "crashed"})


if __name__ == "__main__":
    main()
