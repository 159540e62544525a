"""The child process (`python -P -m prescan._worker`): reads and scans one file after another, under limits.

Requests arrive on standard input. Responses go to a duplicate of descriptor 1 as length-prefixed JSON
(scanner/wire.py); descriptor 1 itself is pointed at stderr, so that output of a library cannot corrupt them.
The requests are handled in scanner/serving.py.
"""

from __future__ import annotations

import gc
import os
import sys

from prescan import memory


def main() -> None:
    """Answer requests until standard input ends."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from prescan.scanner import wire  # noqa: PLC0415  imports may print: only after descriptor 1 has moved

    start = wire.receive(sys.stdin.buffer)
    if start is None:
        return
    limit = memory.limit(wire.settings(start["settings"]).limits.memory_mb)
    from prescan.scanner import serving  # noqa: PLC0415  loaded under the memory limit, too

    engine = serving.load(start, out)
    if engine is None:
        return
    gc.freeze()  # rules and models live as long as the process: keep them out of every garbage collection
    wire.send(out, {"ready": True, "versions": engine.versions})
    while (message := wire.receive(sys.stdin.buffer)) is not None and serving.answer(engine, message, out, limit):
        pass


if __name__ == "__main__":
    main()
