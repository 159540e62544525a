"""Builds the data tables of `prescan/data` from public sources: `make tables SHARED=path`.

Sources and licences are in NOTICE. The product reads only the tables; this module is for their maintainers.
"""

from __future__ import annotations

import csv
import gzip
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from prescan.resources import data_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Invisible characters outside category Cf: grapheme joiner, Hangul fillers, variation selectors.
_INVISIBLE = {0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10), *range(0x180B, 0x1810)}
_WHITE = set("\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85")
_LAST = 0x30000
#: Characters OpenCC also keeps in some simplified words; in office texts they are traditional.
_ALSO_SIMPLIFIED = set("於徵麽剋夥")
#: Rows of the division table that only group others.
_PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def folded(char: str, simplified: dict[str, str]) -> str:
    r"""Return a character in the fold view; "" if it is invisible.

    Decimal digits of any script become ASCII. Other characters whose NFKC holds a digit (①, ², ㎡, ½) stay as they are:
    they are list marks and units, and joining them to numbers would invent digits.

    >>> [folded(char, {"務": "务"}) for char in "１務①㎡：\u200b"]
    ['1', '务', '①', '㎡', ':', '']
    """
    category = unicodedata.category(char)
    if ord(char) in _INVISIBLE or category == "Cf" or (category == "Cc" and char not in _WHITE):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    normal = unicodedata.normalize("NFKC", char)
    if any(piece.isdecimal() for piece in normal):
        return char
    return "".join(simplified.get(piece, piece) for piece in normal)


def characters(opencc: Path) -> Iterator[tuple[str, str]]:
    """Yield (code point in hex, replacement) of the characters the fold view changes; `opencc` = TSCharacters.txt."""
    simplified: dict[str, str] = {}
    for line in opencc.read_text(encoding="utf-8").splitlines():
        traditional, _, candidates = line.partition("\t")
        kept = traditional in candidates.split() and traditional not in _ALSO_SIMPLIFIED
        if len(traditional) == 1 and candidates and not kept:
            simplified[traditional] = candidates.split()[0]
    for code in range(_LAST):
        char = chr(code)
        target = folded(char, simplified)
        if target != char and unicodedata.category(char) not in {"Cn", "Cs", "Co"}:
            yield f"{code:X}", target


def bank_prefixes(source: Path) -> Iterator[tuple[str, str]]:
    """Yield (prefix, card length) of issued bank cards, from a table of bin, length, bank, type."""
    seen = set()
    for row in _rows(source.open(encoding="utf-8")):
        if row[0].isdigit() and row[1].isdigit() and (row[0], row[1]) not in seen:
            seen.add((row[0], row[1]))
            yield row[0], row[1]


def counties(source: Path) -> Iterator[tuple[str, str]]:
    """Yield (six-digit division code, name) of every county-level division that ever issued identity numbers."""
    seen: dict[str, str] = {}
    for row in _rows(source.open(encoding="utf-8")):
        if row[0].isdigit() and len(row[0]) == 6:  # noqa: PLR2004  GB/T 2260
            seen.setdefault(row[0], row[1])
    yield from sorted(seen.items())


def divisions(source: Path) -> Iterator[tuple[str, str]]:
    """Yield (level, name) of provinces, cities and counties in use; level is the length of the code (2, 4, 6)."""
    seen = set()
    with gzip.open(source, "rt", encoding="utf-8") as stream:
        for row in _rows(stream):
            key = (str(len(row[0])), row[1])
            named = row[1] not in _PLACEHOLDERS
            if row[0].isdigit() and len(row[0]) <= 6 and named and key not in seen:  # noqa: PLR2004  GB/T 2260
                seen.add(key)
                yield key


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    return (row for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if len(row) > 1)


def _write(name: str, head: str, rows: Iterable[tuple[str, str]]) -> None:
    with data_path(name).open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(f"# {head}\n")
        stream.writelines("\t".join(row) + "\n" for row in rows)


def main(shared: str, opencc: str) -> None:
    """Write every table; `shared` holds data/gazetteer, `opencc` is the path of TSCharacters.txt."""
    gazetteer = Path(shared) / "data" / "gazetteer"
    _write("characters.tsv", "code point (hex)\tfolded; empty = invisible", characters(Path(opencc)))
    _write("bank_prefixes.tsv", "prefix\tlength of the card number", bank_prefixes(gazetteer / "bank_bin.tsv"))
    timeline = gazetteer / "gbt2260_timeline_idvalidator_MIT.tsv"
    _write("counties.tsv", "GB/T 2260 code\tname", counties(timeline))
    towns = gazetteer / "divisions_2023_to_town.tsv.gz"
    _write("divisions.tsv", "code length: 2 province, 4 city, 6 county\tname", divisions(towns))


if __name__ == "__main__":
    main(*sys.argv[1:])
