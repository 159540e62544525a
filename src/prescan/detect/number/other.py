"""What only looks like a person's number: an amount, a date, a landline number, two rows, an organisation's code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from prescan.numbers import NUMBERS

if TYPE_CHECKING:
    from prescan.detect.reading import Reading

#: Numbers of organisations, which are public; no part of one is a candidate.
_PUBLIC: Final = ("uscc",)
_PUBLIC_PATTERNS: Final = {name: regex.compile(NUMBERS[name].PATTERN) for name in _PUBLIC}
_CODE_LABEL: Final = "信用代码"
_LABEL_REACH: Final = 12
#: Decimals behind an integer.
_DECIMALS = regex.compile(r"[.．][0-9０-９]{1,2}(?![0-9０-９])")
#: Figures with a point and at most two decimals.
_AMOUNT = regex.compile(r"[0-9０-９]+[.．][0-9０-９]{1,2}")
#: The serial number of a row has at most this many digits; anything longer may be the rest of a wrapped number.
_SERIAL_AT_MOST: Final = 3
#: The beginning of a date, which is not an identifier unless a check digit proves it.
_CENTURIES: Final = ("19", "20")
_DAY = regex.compile(r"(?:19|20)\d{2}\s?[-./年]\s?\d{1,2}(?:[-./月]|(?!\d))")
_DIALLED = regex.compile(r"(?:0[3-9]\d{2}-[2-8]\d{6,7}|02\d-[2-8]\d{7}|010-[2-8]\d{7})(?![\d-])")
#: The same in spaced groups. Only accounts: a licence of twelve digits may look so too.
_DIALLED_APART = regex.compile(
    r"(?:0[3-9]\d{2}[- )]{1,2}[2-8]\d{2,3}|0(?:10|2\d)[- )]{1,2}[2-8]\d{3})[- ]?\d{4}(?![\d-]| ?\d)"
)
_AREA = regex.compile(r"(?r)(?<![\d-])0(?:10|2\d|[3-9]\d{2})-")
#: The first point of an IP address is among so many characters.
_OF_IP: Final = 4
_IP = regex.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")


def is_amount(text: str, start: int, end: int) -> bool:
    """Return whether a span is followed by decimals, or is itself a figure with one or two decimals."""
    return _DECIMALS.match(text, end) is not None or _AMOUNT.fullmatch(text, start, end) is not None


def is_another(type_: str, text: str, start: int) -> bool:
    """Return whether at `start` begins a date, an IP address or, for a rule of another `type_`, a landline number."""
    if text.startswith(_CENTURIES, start) and _DAY.match(text, start):
        return True
    if "." in text[start : start + _OF_IP] and _IP.match(text, start):
        return True
    if type_ == "landline_phone":
        return False
    dialled = _DIALLED_APART if type_ == "bank_account" else _DIALLED
    if text.startswith("0", start) and dialled.match(text, start):
        return True
    return text[start - 1 : start] == "-" and _AREA.match(text, max(0, start - 6), start) is not None


def over_rows(reading: Reading, start: int, end: int, *, checked: bool) -> bool:
    """Return whether a span reaches over the end of a table row, which ends a number.

    A value with a correct check digit (`checked`) may, unless the part in the next row is that row's serial number.
    """
    table = reading.anatomy.table_at(start)
    cell = table.cell_at(start) if table else None
    last = table.cell_at(end - 1) if table else None
    if cell is None or last is None or cell.row == last.row:
        return False
    rest = reading.text[last.start : last.end].strip()
    return not checked or len(rest) <= _SERIAL_AT_MOST


def is_public(reading: Reading, low: int, high: int) -> bool:
    """Return whether a span of the squeeze view lies in an organisation's code.

    One ID number in 31 is a valid 统一社会信用代码 too, while hardly any code is a valid ID number; so a value that is
    both counts as a code only if it has that label.
    """
    text = reading.squeeze.text
    for name in _PUBLIC:
        window = text[max(0, low - 18) : high + 18]
        offset = low - max(0, low - 18)
        for match in _PUBLIC_PATTERNS[name].finditer(window, overlapped=True):
            inside = match.start() <= offset and match.end() >= offset + high - low
            if inside and NUMBERS[name].is_valid(match[0]):
                is_labelled = _CODE_LABEL in text[max(0, low - _LABEL_REACH) : low]
                return is_labelled or not NUMBERS["resident_id"].is_valid(match[0])
    return False
