"""Finding long runs of digits in bytes: every digit becomes a one, then one search finds a run, faster than a regex."""

from __future__ import annotations

from typing import Final

import numpy as np

#: In the bytes of `digits_in`: as long as a mobile number, the shortest number that is looked for.
LONG_RUN: Final = b"\1" * 11
_ZERO: Final = ord("0")
_DIGITS: Final = 10


def digits_in(data: bytes) -> bytes:
    r"""Return as many bytes as `data` has: one where a digit stands, zero elsewhere.

    >>> digits_in(b"a09:/")
    b'\x00\x01\x01\x00\x00'
    """
    return (np.frombuffer(data, np.uint8) - _ZERO < _DIGITS).tobytes()
