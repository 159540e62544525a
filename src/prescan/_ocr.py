"""The child process that recognises text in pictures (`python -P -m prescan._ocr`), one at a time, under limits.

Responses go to a duplicate of descriptor 1 as length-prefixed JSON (scanner/wire.py); descriptor 1 itself is pointed
at stderr, so that output of a library cannot corrupt them. The process ends after a minute without a request, because
its models take a lot of memory.
"""

from __future__ import annotations

import os
import select
import sys
from typing import IO, TYPE_CHECKING, Any, Final

from prescan import memory

if TYPE_CHECKING:
    from prescan.formats.ocr.lines import Recogniser

_IDLE_SECONDS: Final = 60.0


def main() -> None:
    """Answer requests until standard input ends or none comes for `_IDLE_SECONDS`."""
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
    except Exception:  # noqa: BLE001  whatever keeps it from loading is reported
        wire.send(out, {"failure": "external_tool", "detail": ""})
        return
    wire.send(out, {"ready": True})
    while _request_comes() and (request := wire.receive(sys.stdin.buffer)) is not None:
        image = wire.receive_bytes(sys.stdin.buffer) or b""
        try:
            _answer(recogniser, request, image, out)
        except ReadError as error:
            wire.send(out, {"failure": error.code, "detail": error.detail})
        except MemoryError:
            wire.send(out, {"failure": "memory", "detail": ""})
            return


def _answer(recogniser: Recogniser, request: dict[str, Any], image: bytes, out: IO[bytes]) -> None:
    from prescan.formats.ocr import RecognitionRequest, counter_from_message, recognise  # noqa: PLC0415
    from prescan.scanner import wire  # noqa: PLC0415

    picture = wire.picture(request["picture"], image)
    wanted = RecognitionRequest(
        image, picture.kind, picture.location, picture.size, counter_from_message(request["count"]), request["layer"]
    )
    page = recognise(wanted, recogniser)
    quality = {"certainty": page.certainty, "blank": page.blank, "poor": page.poor, "count": page.counter}
    wire.send(out, {"blocks": page.blocks, **quality})


def _request_comes() -> bool:
    """Wait for the next request; False if none comes in time."""
    try:
        ready, _, _ = select.select([sys.stdin.fileno()], [], [], _IDLE_SECONDS)
    except (OSError, ValueError):  # Windows waits for sockets only
        return True
    return bool(ready)


if __name__ == "__main__":
    main()
