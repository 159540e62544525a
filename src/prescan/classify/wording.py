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

    def spans(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """Return the same of many spans, none of them empty."""
        origin = self.view.origin
        if origin is not None:
            starts, ends = origin[starts], origin[ends - 1] + 1
        return self.offset + starts, self.offset + ends


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
    parts: Sequence[Part] = field(repr=False)
    edges: Sequence[Ints] = field(repr=False)
    """By part, where in its view each piece begins, and where the last one ends."""

    @classmethod
    def of(cls, parts: Sequence[Part], title: range) -> Wording:
        """Read the parts of a document, one at least; `title` has the places of the title in the first of them."""
        cut = [[*pieces(part.view.text), ""] for part in parts]  # what stands between two parts makes no pair
        codes: defaultdict[str, int] = defaultdict(itertools.count().__next__)
        held = np.fromiter(map(codes.__getitem__, itertools.chain(*cut)), np.int64, sum(map(len, cut)))
        different = len(codes)
        loud = np.fromiter(map(_SPEAKS.__getitem__, codes), np.bool_, different)[held]
        words, pairs = np.flatnonzero(loud), np.flatnonzero(loud[:-1] & loud[1:])
        lengths = np.fromiter(map(len, codes), np.int64, different)[held]
        ends = itertools.accumulate(map(len, cut))
        edges = [_edges(lengths[end - len(row) : end]) for row, end in zip(cut, ends, strict=True)]
        titled = words[slice(*words.searchsorted(edges[0].searchsorted((title.start, title.stop))))]
        # one number each, so that all are counted at once: a word, a word of the title, a pair behind them
        keys = np.concatenate([held[words], different + held[titled], (2 + held[pairs]) * different + held[pairs + 1]])
        keys, times, at = _counted(keys)
        single, alone = int(keys.searchsorted(2 * different)), int(keys.searchsorted(different))
        firsts = np.concatenate([words, titled, pairs])[at]
        return cls(
            words=list(codes),
            sizes=(alone, single - alone, len(keys) - single),
            said=held[firsts],
            nexts=held[firsts[single:] + 1],
            times=times,
            firsts=firsts,
            parts=parts,
            edges=edges,
        )

    def names(self) -> Iterator[tuple[str, int, int]]:
        """Yield each feature's name, how often it occurs, and its first piece."""
        families = itertools.chain.from_iterable(map(itertools.repeat, FAMILIES, self.sizes))
        nexts = [None] * (self.sizes[0] + self.sizes[1]) + self.nexts.tolist()
        rows = zip(families, self.said.tolist(), nexts, self.times.tolist(), self.firsts.tolist(), strict=True)
        for family, word, following, times, first in rows:
            name = self.words[word] if following is None else f"{self.words[word]}+{self.words[following]}"
            yield f"{family}={name}", times, first

    def places(self, firsts: Ints, pairs: NDArray[np.bool_]) -> list[tuple[int, int]]:
        """Return where in the document words or pairs stand whose first pieces are given; of -1 no place."""
        starts, ends = np.zeros((2, len(firsts)), np.int64)
        low = 0
        for part, edges in zip(self.parts, self.edges, strict=True):
            held = np.flatnonzero((firsts >= low) & (firsts < low + len(edges) - 1))
            at = firsts[held] - low
            starts[held], ends[held] = part.spans(edges[at], edges[at + 1 + pairs[held]])
            low += len(edges) - 1
        return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _edges(lengths: Ints) -> Ints:
    """Return where pieces of these lengths begin, and where the last one ends."""
    edges = np.zeros(len(lengths) + 1, np.int64)
    lengths.cumsum(out=edges[1:])
    return edges


def _counted(keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the different keys in order, how often each occurs, and where the first of each stands."""
    order = keys.argsort(kind="stable")
    keys = keys[order]
    edges = np.ones(len(keys) + 1, np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=edges[1:-1])
    new = np.flatnonzero(edges)
    first = new[:-1]
    return keys[first], new[1:] - first, order[first]


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
