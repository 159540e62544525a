"""The child process that recognises text in pictures (`python -P -m prescan._ocr`), one after another, under limits.

Speaks length-prefixed JSON (scanner/wire.py) on what was descriptor 1; what a library prints goes to stderr instead.
It ends by itself when nothing is asked of it for a while: its models take a lot of memory.
"""

from __future__ import annotations

import os
import select
import sys
from typing import IO, TYPE_CHECKING, Any, Final

from prescan import memory

if TYPE_CHECKING:
    from prescan.formats.ocr.seen import Recogniser

_IDLE_SECONDS: Final = 60.0


def main() -> None:
    """Serve until standard input ends or nobody asks."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from prescan.scanner import wire  # noqa: PLC0415  imports may print: only after descriptor 1 has moved

    start = wire.receive(sys.stdin.buffer)
    if start is None:
        return
    memory.limit(start["memory_mb"])
    from prescan.errors import ReadError  # noqa: PLC0415

    try:
        from prescan.formats.ocr.engine import load  # noqa: PLC0415

        recogniser = load()
    except ReadError as error:
        wire.send(out, {"failure": error.code, "detail": error.detail})
        return
    except Exception:  # noqa: BLE001  whatever keeps it from loading, it is said
        wire.send(out, {"failure": "external_tool", "detail": ""})
        return
    wire.send(out, {"ready": True})
    while _asked() and (message := wire.receive(sys.stdin.buffer)) is not None:
        image = wire.receive_bytes(sys.stdin.buffer) or b""
        try:
            _answer(recogniser, message, image, out)
        except ReadError as error:
            wire.send(out, {"failure": error.code, "detail": error.detail})
        except MemoryError:
            wire.send(out, {"failure": "memory", "detail": ""})
            return


def _answer(recogniser: Recogniser, message: dict[str, Any], image: bytes, out: IO[bytes]) -> None:
    from prescan.formats.ocr import Wish, counted, recognise  # noqa: PLC0415
    from prescan.scanner import wire  # noqa: PLC0415

    picture = wire.picture(message["picture"], image)
    wish = Wish(image, picture.kind, picture.location, picture.size, counted(message["count"]), message["layer"])
    page = recognise(wish, recogniser)
    told = {"certainty": page.certainty, "blank": page.blank, "poor": page.poor, "count": page.counter}
    wire.send(out, {"blocks": page.blocks, **told})


def _asked() -> bool:
    """Wait for the next question; False if none comes."""
    try:
        ready, _, _ = select.select([sys.stdin.fileno()], [], [], _IDLE_SECONDS)
    except (OSError, ValueError):  # Windows waits for sockets only
        return True
    return bool(ready)


if __name__ == "__main__":
    main()
