"""The words of a document, counted: alone, together with the next one, and in the title. Arrays, no strings a pair.

Names of places and organs and numbers say nothing and are left out.
"""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import regex

from prescan.text.chinese import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from prescan.text.view import View

    Ints = NDArray[np.int64]

_HAN_WORD: Final = regex.compile(r"\p{Han}{2,}+")
#: Words of one character that say who speaks to whom; the rest are mostly pieces of names.
_SPEAKING: Final = frozenset("你您我贵拟各问答其该")
#: Names of places and organs, and the matters organs are named after: who writes is not what is written.
_NAME: Final = regex.compile(r".{2,}[省市县区镇乡村]|.*(?:.[局厅]|委员会|政府|办公室|办公厅|法院)")
_MATTERS: Final = frozenset(
    """
    发展 改革 自然 资源 自然资源 规划 市场 监督管理 市场监管 应急 应急管理 生态 环境 生态环境 住房 城乡 建设 城乡建设
    住房城乡建设 卫生 健康 卫生健康 人力 人力资源 社会保障 社保 交通 运输 交通运输 公安 教育 民政 财政 司法 司法行政
    农业 农村 农业农村 水利 文化 旅游 文化旅游 退役军人 医疗保障 医保 税务 工业 信息化 商务 林业 城市管理 科技 科学技术
    气象 民族 宗教 粮食 国资 金融 机关事务 大数据 行政审批 消防 海事 海关 烟草 邮政 档案 园林 能源 体育 广播电视
    """.split()
)


class Part(NamedTuple):
    """A part of a document that is read."""

    view: View
    """Its squeeze view."""
    offset: int = 0
    """Where the part begins in the document."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the document's span of a span of the view."""
        first, last = self.view.span(start, end)
        return self.offset + first, self.offset + last

    def places(self, edges: Ints) -> tuple[Ints, Ints]:
        """Return where in the document pieces begin and end whose `edges` in the view are given."""
        origin = self.view.origin
        if origin is None:
            return self.offset + edges[:-1], self.offset + edges[1:]
        sources = np.append(origin, -1)  # a piece of no length stands nowhere
        return self.offset + sources[edges[:-1]], self.offset + sources[edges[1:] - 1] + 1


class Counted(NamedTuple):
    """Different words or pairs of one family, a place in each array for each of them."""

    words: Ints
    """Which word, as an index of `Wording.words`: of a pair the first."""
    nexts: Ints | None
    """The second word of a pair."""
    times: Ints
    firsts: Ints
    """Where the first stands, as an index of all pieces of the text."""


@dataclass(frozen=True)
class Wording:
    """What a document says."""

    words: list[str] = field(repr=False)
    """Its different pieces; some of them say nothing."""
    families: dict[str, Counted] = field(repr=False)
    """`word`, `title` and `pair`."""
    starts: Ints = field(repr=False)
    """Where in the document each piece begins."""
    ends: Ints = field(repr=False)

    @classmethod
    def of(cls, parts: Sequence[Part], title: range) -> Wording:
        """Read the parts of a document, one at least; `title` has the places of the title in the first of them."""
        cut = [[*pieces(part.view.text), ""] for part in parts]  # what stands between two parts makes no pair
        codes: defaultdict[str, int] = defaultdict(itertools.count().__next__)
        said = np.array([codes[piece] for row in cut for piece in row], np.int64)
        speaks = np.array([_speaks(piece) for piece in codes], np.bool_)
        loud = speaks[said]
        edges = [np.cumsum([0, *map(len, row)]) for row in cut]
        begin, end = edges[0].searchsorted((title.start, title.stop))
        words, pairs = np.flatnonzero(loud), np.flatnonzero(loud[:-1] & loud[1:])
        families = {
            "word": _counted(said, words),
            "title": _counted(said, words[words.searchsorted(begin) : words.searchsorted(end)]),
            "pair": _counted(said, pairs, len(codes)),
        }
        placed = [part.places(held) for part, held in zip(parts, edges, strict=True)]
        starts, ends = (np.concatenate(side) for side in zip(*placed, strict=True))
        return cls(list(codes), families, starts, ends)

    def names(self) -> Iterator[tuple[str, int, int]]:
        """Yield each feature's name, how often it occurs, and its first piece."""
        for family, (words, nexts, times, firsts) in self.families.items():
            for at, word in enumerate(words.tolist()):
                name = self.words[word] if nexts is None else f"{self.words[word]}+{self.words[nexts[at]]}"
                yield f"{family}={name}", int(times[at]), int(firsts[at])

    def place(self, first: int, size: int) -> tuple[int, int]:
        """Return where `size` pieces from the `first` on stand in the document."""
        return int(self.starts[first]), int(self.ends[first + size - 1])


def _counted(said: Ints, places: Ints, pairs_of: int = 0) -> Counted:
    """Count the pieces that begin at `places`; `pairs_of`: each with the next one, of so many different words."""
    keys = said[places] * pairs_of + said[places + 1] if pairs_of else said[places]
    order = keys.argsort(kind="stable")
    keys = keys[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    at = np.flatnonzero(new)
    keys, times, firsts = keys[at], np.append(at[1:], len(keys)) - at, places[order[at]]
    words, nexts = np.divmod(keys, pairs_of) if pairs_of else (keys, None)
    return Counted(words, nexts, times, firsts)


@functools.lru_cache(maxsize=1 << 15)
def _speaks(word: str) -> bool:
    """Tell whether a word can say something about the attribute; remembered, for the same words come again."""
    if word in _SPEAKING:
        return True
    return bool(_HAN_WORD.fullmatch(word)) and word not in _MATTERS and not _NAME.fullmatch(word)
