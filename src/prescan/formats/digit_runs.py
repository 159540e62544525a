"""Finding long runs of digits in bytes: turn every digit into a zero, then search for zeros; faster than a regex."""

from __future__ import annotations

from typing import Final

#: For bytes.translate: digits become "0", everything else a zero byte.
DIGITS_AS_ZEROS: Final = bytes(ord("0") if chr(code).isdecimal() and code < 0x80 else 0 for code in range(256))
#: As long as a mobile number, the shortest number that is looked for.
LONG_RUN: Final = b"0" * 11
