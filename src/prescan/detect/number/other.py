"""What only looks like somebody's number: an amount, a day, a number to be dialled, two rows, a firm's code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.numbers import NUMBERS

if TYPE_CHECKING:
    from prescan.detect.reading import Reading

#: A run that is one of these is public: nothing inside it is taken.
_PUBLIC: Final = ("uscc",)
_PUBLIC_PATTERNS: Final = {name: regex.compile(NUMBERS[name].PATTERN) for name in _PUBLIC}
_CODE_LABEL: Final = "信用代码"
_LABEL_REACH: Final = 12
#: What follows a number that is an amount.
_DECIMALS = regex.compile(r"[.．][0-9０-９]{1,2}(?![0-9０-９])")
#: Figures with one point in them, at most two of them behind it.
_AMOUNT = regex.compile(r"[0-9０-９]+[.．][0-9０-９]{1,2}")
#: A row's serial number has so many digits; what is longer may be the rest of a number broken over the line end.
_SERIAL_AT_MOST: Final = 3
#: A date is no number, unless a check digit says so.
_DAY = regex.compile(r"(?:19|20)\d{2}\s?[-./年]\s?\d{1,2}(?:[-./月]|(?!\d))")
_DIALLED = regex.compile(r"(?:0[3-9]\d{2}-[2-8]\d{6,7}|02\d-[2-8]\d{7}|010-[2-8]\d{7})(?![\d-])")
_AREA = regex.compile(r"(?r)(?<![\d-])0(?:10|2\d|[3-9]\d{2})-")
_IP = regex.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")


def is_amount(text: str, start: int, end: int) -> bool:
    """Return whether a place is followed by decimals, or is a figure with one point and one or two digits behind it."""
    return _DECIMALS.match(text, end) is not None or _AMOUNT.fullmatch(text, start, end) is not None


def is_another(kind: str, text: str, start: int) -> bool:
    """Return whether a date, an address of a computer, or for other kinds a number to be dialled begins at a place."""
    dialled = _DIALLED.match(text, start) is not None or _AREA.match(text, max(0, start - 6), start) is not None
    return (
        (dialled and kind != "landline_phone")
        or _DAY.match(text, start) is not None
        or _IP.match(text, start) is not None
    )


def over_rows(reading: Reading, start: int, end: int, *, checked: bool) -> bool:
    """Return whether a place begins in one row of a table and ends in the next: a row's end ends a number.

    One with a right check digit goes on in the next line of its cell, unless a row's own serial number stands there.
    """
    table = reading.anatomy.table_at(start)
    cell = table.cell_at(start) if table else None
    last = table.cell_at(end - 1) if table else None
    if cell is None or last is None or cell.row == last.row:
        return False
    rest = reading.text[last.start : last.end].strip()
    return not checked or len(rest) <= _SERIAL_AT_MOST


def is_public(reading: Reading, low: int, high: int) -> bool:
    """Return whether the place lies in an identifier of an organisation.

    One ID number in 31 passes the check of 统一社会信用代码 too; hardly a code has the date and check of an ID number.
    """
    text = reading.squeeze.text
    for name in _PUBLIC:
        window = text[max(0, low - 18) : high + 18]
        offset = low - max(0, low - 18)
        for match in _PUBLIC_PATTERNS[name].finditer(window, overlapped=True):
            inside = match.start() <= offset and match.end() >= offset + high - low
            if inside and NUMBERS[name].is_valid(match[0]):
                said = _CODE_LABEL in text[max(0, low - _LABEL_REACH) : low]
                return said or not NUMBERS["resident_id"].is_valid(match[0])
    return False
