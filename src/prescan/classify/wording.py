"""Counts the words of a document, its pairs of words, and the words of its title, in arrays without a string a pair.

Numbers and names of places and organs are left out: they do not indicate an attribute.
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

#: The families of features from words, in their order in every array.
FAMILIES: Final = ("word", "title", "pair")
_CACHED_AT_MOST: Final = 1 << 15
_HAN_WORD: Final = regex.compile(r"\p{Han}{2,}+")
#: Single characters that show who addresses whom; others are mostly pieces of names.
_PRONOUNS: Final = frozenset("你您我贵拟各问答其该")
#: Names of places and organs, and the matters organs are named after: they show the author, not the content.
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
    """A part of a document that is used."""

    view: View
    """Its squeeze view."""
    offset: int = 0
    """Where the part begins in the document."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the document of a span of the view."""
        first, last = self.view.span(start, end)
        return self.offset + first, self.offset + last

    def spans(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """Return the same for many spans, none of them empty."""
        origin = self.view.origin
        if origin is not None:
            starts, ends = origin[starts], origin[ends - 1] + 1
        return self.offset + starts, self.offset + ends


@dataclass(frozen=True)
class Wording:
    """The distinct features of a document: one place in each array for each, in the order of FAMILIES."""

    words: list[str] = field(repr=False)
    """The distinct pieces of the text, also those left out."""
    sizes: tuple[int, int, int] = field(repr=False)
    """How many features of each family there are."""
    word_ids: Ints = field(repr=False)
    """The word, or the first word of a pair, as an index of `words`."""
    second_ids: Ints = field(repr=False)
    """The second words, for pairs only."""
    times: Ints = field(repr=False)
    firsts: Ints = field(repr=False)
    """The first occurrence, as an index of all pieces of the text."""
    parts: Sequence[Part] = field(repr=False)
    edges: Sequence[Ints] = field(repr=False)
    """By part: the start of each piece in its view, and the end of the last one."""

    @classmethod
    def of(cls, parts: Sequence[Part], title: range) -> Wording:
        """Count the words of the parts of a document, at least one; `title` is the title's range in the first part."""
        cut = [[*pieces(part.view.text), ""] for part in parts]  # the empty piece prevents pairs across parts
        codes: defaultdict[str, int] = defaultdict(itertools.count().__next__)
        ids = np.fromiter(map(codes.__getitem__, itertools.chain(*cut)), np.int64, sum(map(len, cut)))
        distinct = len(codes)
        informative = np.fromiter(map(_INFORMATIVE.__getitem__, codes), np.bool_, distinct)[ids]
        words, pairs = np.flatnonzero(informative), np.flatnonzero(informative[:-1] & informative[1:])
        lengths = np.fromiter(map(len, codes), np.int64, distinct)[ids]
        ends = itertools.accumulate(map(len, cut))
        edges = [_edges(lengths[end - len(row) : end]) for row, end in zip(cut, ends, strict=True)]
        titled = words[slice(*words.searchsorted(edges[0].searchsorted((title.start, title.stop))))]
        # one number each, so that all are counted at once: words, then words of the title, then pairs
        keys = np.concatenate([ids[words], distinct + ids[titled], (2 + ids[pairs]) * distinct + ids[pairs + 1]])
        keys, times, at = _counted(keys)
        singles, alone = int(keys.searchsorted(2 * distinct)), int(keys.searchsorted(distinct))
        firsts = np.concatenate([words, titled, pairs])[at]
        return cls(
            words=list(codes),
            sizes=(alone, singles - alone, len(keys) - singles),
            word_ids=ids[firsts],
            second_ids=ids[firsts[singles:] + 1],
            times=times,
            firsts=firsts,
            parts=parts,
            edges=edges,
        )

    def names(self) -> Iterator[tuple[str, int, int]]:
        """Yield each feature's name, how often it occurs, and its first piece."""
        families = itertools.chain.from_iterable(map(itertools.repeat, FAMILIES, self.sizes))
        seconds = [None] * (self.sizes[0] + self.sizes[1]) + self.second_ids.tolist()
        rows = zip(families, self.word_ids.tolist(), seconds, self.times.tolist(), self.firsts.tolist(), strict=True)
        for family, word, second, times, first in rows:
            name = self.words[word] if second is None else f"{self.words[word]}+{self.words[second]}"
            yield f"{family}={name}", times, first

    def places(self, firsts: Ints, pairs: NDArray[np.bool_]) -> list[tuple[int, int]]:
        """Return the spans in the document of words, or of `pairs`, given by their first pieces; (0, 0) for -1."""
        starts, ends = np.zeros((2, len(firsts)), np.int64)
        low = 0
        for part, edges in zip(self.parts, self.edges, strict=True):
            in_part = np.flatnonzero((firsts >= low) & (firsts < low + len(edges) - 1))
            at = firsts[in_part] - low
            starts[in_part], ends[in_part] = part.spans(edges[at], edges[at + 1 + pairs[in_part]])
            low += len(edges) - 1
        return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _edges(lengths: Ints) -> Ints:
    """Return the starts of pieces with these lengths, and the end of the last one."""
    edges = np.zeros(len(lengths) + 1, np.int64)
    lengths.cumsum(out=edges[1:])
    return edges


def _counted(keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the distinct keys, sorted, how often each occurs, and the index of its first occurrence."""
    order = keys.argsort(kind="stable")
    keys = keys[order]
    edges = np.ones(len(keys) + 1, np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=edges[1:-1])
    new = np.flatnonzero(edges)
    first = new[:-1]
    return keys[first], new[1:] - first, order[first]


class _Informative(dict[str, bool]):
    """Whether a word can indicate an attribute; cached, for words recur."""

    def __missing__(self, word: str) -> bool:
        informative = word in _PRONOUNS or (
            bool(_HAN_WORD.fullmatch(word)) and word not in _MATTERS and not _NAME.fullmatch(word)
        )
        if len(self) < _CACHED_AT_MOST:
            self[word] = informative
        return informative


_INFORMATIVE: Final = _Informative()
