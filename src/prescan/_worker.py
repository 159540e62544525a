"""The child process (`python -P -m prescan._worker`): reads file after file and scans each, under limits.

Speaks length-prefixed JSON (scanner/wire.py) on what was descriptor 1; what a library prints goes to stderr instead.
What it does is in scanner/serving.py.
"""

from __future__ import annotations

import gc
import os
import sys

from prescan import memory


def main() -> None:
    """Serve until standard input ends."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from prescan.scanner import wire  # noqa: PLC0415  imports may print: only after descriptor 1 has moved

    start = wire.receive(sys.stdin.buffer)
    if start is None:
        return
    limit = memory.limit(wire.settings(start["settings"]).limits.memory_mb)
    from prescan.scanner import serving  # noqa: PLC0415  under the limit, too

    engine = serving.load(start, out)
    if engine is None:
        return
    gc.freeze()  # rules and models stay: the collector need not look through them again for every file
    wire.send(out, {"ready": True, "versions": engine.versions})
    while (message := wire.receive(sys.stdin.buffer)) is not None and serving.answer(engine, message, out, limit):
        pass


if __name__ == "__main__":
    main()
