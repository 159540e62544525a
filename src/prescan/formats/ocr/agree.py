"""Compares a page's picture with the text layer over it: does the text say what the picture shows?

What a program finds, searches and copies is the text; what people see is the picture. Where they differ somebody is
misled: a mark that only the picture shows, or values that were only painted over.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prescan.types import PARAGRAPH_BREAK, Block, Location

if TYPE_CHECKING:
    from collections.abc import Iterable

_SURE: Final = 0.9
_SHORTEST: Final = 4
"""In characters. A shorter line proves nothing by itself."""
_MISSING: Final = 0.34
"""A line counts as missing if a smaller share of it is found on the other side."""
_AGREE: Final = 0.6
"""The two sides agree if this share of each is on the other."""
_LONG_LAYER: Final = 6
NOTE: Final = "文字层与图像不符：{what}"


def differing(seen: list[Block], layer: str, page: int | None) -> list[Block]:
    """Return the blocks that the text layer lacks, preceded by one that reports the mismatch if the two disagree."""
    written, shown = _pairs(layer), _pairs("".join(block.text for block in seen))
    missing = [block for block in seen if _is_missing(block, written)]
    unseen = [line for line in _lines(layer) if _share(_pairs(line), shown) < _MISSING]
    said = []
    if missing:
        said.append(f"图像上有 {len(missing)} 行文字不在文字层中")
    if unseen:
        said.append(f"文字层中有 {len(unseen)} 行文字在图像上看不到")
    if not said and min(_share(written, shown), _share(shown, written)) < _AGREE:
        said.append("两者的文字大部分对不上")
    if not said:
        return []
    place = Location("hidden", page)
    mark = Block("", place, "", "layer_mismatch", NOTE.format(what="，".join(said)))
    return [mark, *(replace(block, sep=PARAGRAPH_BREAK) for block in missing)]


def _is_missing(block: Block, written: Counter[str]) -> bool:
    sure = (block.certainty or 0.0) >= _SURE and len(_folded(block.text)) >= _SHORTEST
    return sure and _share(_pairs(block.text), written) < _MISSING


def _lines(layer: str) -> Iterable[str]:
    return (line for line in layer.split("\n") if len(_folded(line)) >= _LONG_LAYER)


def _folded(text: str) -> str:
    """Return only the letters, digits and characters of a text."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum() or char in "★☆")


def _pairs(text: str) -> Counter[str]:
    folded = _folded(text)
    return Counter(folded[at : at + 2] for at in range(len(folded) - 1)) or Counter(folded)


def _share(pairs: Counter[str], other: Counter[str]) -> float:
    """Return the share of some pairs of characters that is among others; 1 if there are none."""
    total = sum(pairs.values())
    return sum(count for pair, count in pairs.items() if pair in other) / total if total else 1.0
