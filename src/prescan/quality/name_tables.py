"""Tables of the name model that are counted rather than trained, from frequencies of names and jieba's dictionary."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from prescan.detect.name.spans import NameChars
from prescan.resources import data_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from prescan.quality.name_corpus import Sample

#: Log odds are cut to plus and minus this.
_ODDS: Final = 6.0
#: The tables have characters up to this code point: the basic plane.
_LAST_CODE: Final = 0xFFFF


def character_tables(given: dict[str, tuple[int, int]], samples: Sequence[Sample]) -> dict[str, NDArray[Any]]:
    """Return the log odds of characters as surname and in given names relative to text, and the dictionary's names."""
    written = ("sentences", "documents")  # these hold more names than other text
    text = Counter(char for sample in samples if not sample.source.startswith(written) for char in sample.text)
    total = sum(text.values())

    def usual(char: str) -> float:
        return (text[char] + 0.5) / total

    surnames = {row[0]: float(row[1]) for row in data_rows("surnames.tsv") if len(row[0]) == 1}
    counts = {char: sum(pair) for char, pair in given.items() if sum(pair) >= 50}  # noqa: PLR2004
    tables: dict[str, NDArray[Any]] = {}
    sources: tuple[tuple[str, Mapping[str, float]], ...] = (("surname", surnames), ("given", counts))
    for which, frequencies in sources:
        every = sum(frequencies.values())
        odds = {
            char: math.log(count / every / usual(char))
            for char, count in frequencies.items()
            if ord(char) <= _LAST_CODE
        }
        tables[f"{which}_codes"] = np.array([ord(char) for char in odds], np.uint16)
        tables[f"{which}_odds"] = np.round(np.clip(list(odds.values()), -_ODDS, _ODDS), 2).astype(np.float32)
    tables["given_floor"] = np.array([-_ODDS], np.float32)
    tables["name_words"] = dictionary_names(NameChars.of(tables))
    return tables


def dictionary_names(chars: NameChars) -> NDArray[np.uint32]:
    """Return the CRC-32 of three-character words that jieba's dictionary (MIT) marks as names and that look like names.

    Its two-character "names" are mostly ordinary words (康复, 晋升).
    """
    words = [word for word, _, tag in dictionary() if tag.startswith("nr") and len(word) == 3]  # noqa: PLR2004
    kept = [
        word
        for word in words
        if chars.surname_odds(word[0]) >= 0
        and min(map(chars.odds, word[1:])) >= -1
        and sum(map(chars.odds, word[1:])) >= 1
    ]
    return np.array(sorted({zlib.crc32(word.encode()) for word in kept}), np.uint32)


def ordinary_words() -> list[tuple[str, float]]:
    """Return the dictionary's words of two or three characters that begin with a surname but are no names."""
    surnames = {row[0] for row in data_rows("surnames.tsv") if len(row[0]) == 1}
    rows = dictionary()
    return [
        (word, frequency**0.5)
        for word, frequency, tag in rows
        if len(word) in {2, 3} and word[0] in surnames and not tag.startswith("nr") and frequency >= 20  # noqa: PLR2004
    ]


def dictionary() -> list[tuple[str, int, str]]:
    """Return the words of jieba's dictionary (MIT) with frequency and part of speech."""
    import jieba  # noqa: PLC0415  only training needs its dictionary

    with jieba.get_dict_file() as stream:
        rows = [line.decode("utf-8").split() for line in stream]
    return [(row[0], int(row[1]), row[2]) for row in rows]
