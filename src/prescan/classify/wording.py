"""The words of a document, counted: alone, together with the next one, and in the title. Arrays, no strings a pair.

Names of places and organs and numbers say nothing and are left out.
"""

from __future__ import annotations

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

#: The families of features that words make, in their order in every array.
FAMILIES: Final = ("word", "title", "pair")
_REMEMBERED: Final = 1 << 15
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


@dataclass(frozen=True)
class Wording:
    """What a document says: different words and pairs, in the order of FAMILIES a place in each array for each."""

    words: list[str] = field(repr=False)
    """The different pieces of the text; some of them say nothing."""
    sizes: tuple[int, int, int] = field(repr=False)
    """How many there are of each family."""
    said: Ints = field(repr=False)
    """Which word, as an index of `words`: of a pair the first."""
    nexts: Ints = field(repr=False)
    """The second words, of pairs only."""
    times: Ints = field(repr=False)
    firsts: Ints = field(repr=False)
    """Where the first stands, as an index of all pieces of the text."""
    starts: Ints = field(repr=False)
    """Where in the document each piece begins."""
    ends: Ints = field(repr=False)

    @classmethod
    def of(cls, parts: Sequence[Part], title: range) -> Wording:
        """Read the parts of a document, one at least; `title` has the places of the title in the first of them."""
        cut = [[*pieces(part.view.text), ""] for part in parts]  # what stands between two parts makes no pair
        codes: defaultdict[str, int] = defaultdict(itertools.count().__next__)
        held = np.fromiter(map(codes.__getitem__, itertools.chain(*cut)), np.int64)
        different = len(codes)
        loud = np.fromiter(map(_SPEAKS.__getitem__, codes), np.bool_, different)[held]
        words, pairs = np.flatnonzero(loud), np.flatnonzero(loud[:-1] & loud[1:])
        edges = [np.fromiter(itertools.accumulate(map(len, row), initial=0), np.int64, len(row) + 1) for row in cut]
        titled = words[slice(*words.searchsorted(edges[0].searchsorted((title.start, title.stop))))]
        keys = np.concatenate([held[words], held[titled] + different, (held[pairs] + 2) * different + held[pairs + 1]])
        places = np.concatenate([words, titled, pairs])
        order = keys.argsort(kind="stable")
        keys = keys[order]
        new = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        keys, times = keys[new], np.append(new[1:], len(keys))[: len(new)] - new
        firsts, seconds = np.divmod(keys, different)
        first_title, first_pair = keys.searchsorted((different, 2 * different)).tolist()
        firsts[:first_pair], firsts[first_pair:] = seconds[:first_pair], firsts[first_pair:] - 2
        placed = [part.places(held) for part, held in zip(parts, edges, strict=True)]
        starts, ends = placed[0] if len(placed) == 1 else map(np.concatenate, zip(*placed, strict=True))
        sizes = first_title, first_pair - first_title, len(keys) - first_pair
        return cls(list(codes), sizes, firsts, seconds[first_pair:], times, places[order[new]], starts, ends)

    def names(self) -> Iterator[tuple[str, int, int]]:
        """Yield each feature's name, how often it occurs, and its first piece."""
        families = itertools.chain.from_iterable(map(itertools.repeat, FAMILIES, self.sizes))
        nexts = [None] * (self.sizes[0] + self.sizes[1]) + self.nexts.tolist()
        rows = zip(families, self.said.tolist(), nexts, self.times.tolist(), self.firsts.tolist(), strict=True)
        for family, word, following, times, first in rows:
            name = self.words[word] if following is None else f"{self.words[word]}+{self.words[following]}"
            yield f"{family}={name}", times, first

    def places(self, firsts: Ints, pairs: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
        """Return where in the document words or pairs begin and end whose first pieces are given."""
        return self.starts[firsts].tolist(), self.ends[firsts + pairs].tolist()


class _Speaking(dict[str, bool]):
    """Whether a word can say something about the attribute; remembered, for the same words come again."""

    def __missing__(self, word: str) -> bool:
        speaks = word in _SPEAKING or (
            bool(_HAN_WORD.fullmatch(word)) and word not in _MATTERS and not _NAME.fullmatch(word)
        )
        if len(self) < _REMEMBERED:
            self[word] = speaks
        return speaks


_SPEAKS: Final = _Speaking()
