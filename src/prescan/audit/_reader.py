"""The process that parses a source (`python -P -m prescan.audit._reader`): containers nobody made for prescan.

It is told on standard input what to read, and says item after item on what was descriptor 1 (sources/apart.py).
"""

from __future__ import annotations

import os
import sys

from prescan import memory


def main() -> None:
    """Read one source to its end."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for a message
    from prescan.audit import sources  # noqa: PLC0415  imports may print: only after descriptor 1 has moved
    from prescan.audit.plan import Plan  # noqa: PLC0415
    from prescan.audit.sources import Broken, Course, apart  # noqa: PLC0415
    from prescan.errors import PrescanError, SettingsError  # noqa: PLC0415

    order = apart.receive(sys.stdin.buffer)
    if order is None:
        return
    asked, _ = order
    limit = memory.limit(asked["memory_mb"])
    plan = Plan(**{**asked["plan"], "skip": tuple(asked["plan"]["skip"])})
    course = Course(asked["behind"], asked["passed"])
    if asked["careful"]:
        course.say = lambda mark, place: apart.send(out, {"at": mark, "place": place})
    try:
        for item in sources.items(asked["source"], plan, asked["span"], course):
            if isinstance(item, Broken):
                apart.send(out, {"broken": item.why})
            else:
                apart.send(out, {**apart.row(item), "mark": course.mark}, item.data)
        apart.send(out, {"end": True})
    except PrescanError as error:
        kind = "SettingsError" if isinstance(error, SettingsError) else "PrescanError"
        apart.send(out, {"fatal": kind, "detail": str(error)})
    except MemoryError:
        apart.send(out, {"failure": "memory"})
    except Exception:  # noqa: BLE001  whatever a parser raises is said of this source, never swallowed
        apart.send(out, {"failure": "memory" if memory.is_near(limit) else "crashed"})


if __name__ == "__main__":
    main()
