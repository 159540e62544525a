"""Long rows of digits in bytes: with every digit made a one, one search finds them, faster than any pattern."""

from __future__ import annotations

from typing import Final

import numpy as np

#: As long as a mobile number, the shortest that is looked for.
ROW: Final = b"\1" * 11
_ZERO: Final = ord("0")
_DIGITS: Final = 10


def digits_in(data: bytes) -> bytes:
    """Return as many bytes as `data` has: one where a digit stands, zero elsewhere.

    >>> digits_in(b"a09:/")
    b'\\x00\\x01\\x01\\x00\\x00'
    """
    return (np.frombuffer(data, np.uint8) - _ZERO < _DIGITS).tobytes()
