"""What a document shows the classifier: named features, how often each occurs, and where it occurs first.

Families, by the part of the name before "=": `word`, `pair` (two words in a row), `title` (a word of the title), `cue`,
`ground` and `lean` (the tables of `cues.py`), `form` (`form.py`), `finding` (types the detectors found, given as data).
The attribute a document declares about itself is blanked out first: the suggestion is compared with it later.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.classify.cues import CUES
from prescan.classify.form import form
from prescan.text.chinese import tokens
from prescan.text.keywords import Keywords
from prescan.text.view import View, fold, squeeze
from prescan.types import PARAGRAPH_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.classify.cues import Cue
    from prescan.text.anatomy import Anatomy
    from prescan.text.keywords import Found
    from prescan.types import Span

#: The head and the tail say what a document is; what lies between is for the detectors. Characters.
_HEAD: Final = 4000
_TAIL: Final = 1000
_FIRST_LINE: Final = regex.compile(rf"\s*[^\n{PARAGRAPH_BREAK}。]{{0,60}}")

#: A statement about the document's own attribute, wherever it stands, with its brackets or its line.
_DECLARATION: Final = regex.compile(
    r"[（(【\[]?\s{0,4}此件[^，,。;；\n\u2029]{0,12}?公\s?开(?:发布)?\s{0,4}[)）】\]]?"
    r"|(?:政府)?(?:信息)?公开(?:属性|类别|类型|方式|选项|形式)\s{0,4}[:：][^\n\u2029\t]{0,24}"
    r"|^[ \t\u3000]*+[（(]?(?:主\s?动|依\s?申\s?请|不\s?予|免予|内部)\s?公\s?开[)）]?[ \t\u3000]*+$"
    r"|[☑√✓■✔☒▣□○☐]\s?(?:主动|依申请|不予)公开",
    regex.MULTILINE,
)
#: What every such statement holds.
_OPEN: Final = regex.compile(r"公\s?开")
#: A statement begins and ends at most so many characters before and behind that word, but for the blanks of its line.
_DECLARED_FROM, _DECLARED_TO = 24, 40
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


class Occurrence(NamedTuple):
    """How often a feature occurs, and the first place as offsets of the document's text (None: no one place)."""

    times: int
    start: int | None = None
    end: int | None = None


class Wording(Mapping[str, Occurrence]):
    """Features by name. What was found in a view gets its place in the document when it is asked for: few are."""

    def __init__(self, held: dict[str, list[int] | Occurrence], view: View) -> None:
        """`held` has how often, and the first place in `view`; or an Occurrence."""
        self.held = held
        self._view = view

    def __getitem__(self, name: str) -> Occurrence:
        """Return how often a feature occurs, and where first in the document."""
        return Occurrence(self.held[name][0], *self.place(name))

    def place(self, name: str) -> tuple[int | None, int | None]:
        """Return the first place of a feature in the document."""
        seen = self.held[name]
        return self._view.span(seen[1], seen[2]) if type(seen) is list else seen[1:]  # type: ignore[return-value]

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self.held)

    def __len__(self) -> int:
        """Count the names."""
        return len(self.held)


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one document and how much text they were taken from."""

    found: Mapping[str, Occurrence] = field(repr=False)
    chars: int
    """Characters of the visible body that are not white space, its declared attribute left out."""

    def places(self, names: Iterable[str]) -> Iterable[tuple[int | None, int | None]]:
        """Return the first place of each of these features, which were found."""
        if isinstance(self.found, Wording):
            return map(self.found.place, names)
        return (self.found[one][1:] for one in names)

    def times(self) -> Iterable[tuple[str, Sequence[int | None]]]:
        """Return each name, and first in what belongs to it how often it occurs."""
        return self.found.held.items() if isinstance(self.found, Wording) else self.found.items()


class CueTable:
    """Cues made ready: one pass over a text finds the words of all of them."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        """Collect the words; one may belong to several cues."""
        owners: dict[str, list[Cue]] = {}
        for cue in cues:
            for word in cue.words:
                owners.setdefault(word, []).append(cue)
        self.words = tuple(owners)
        self._owners = list(owners.values())
        self._keywords = Keywords(owners)

    def find(self, text: str, title: range, hits: Iterable[Found] | None = None) -> Iterator[tuple[str, int, int]]:
        """Yield each cue that is there, its ground and its lean, at the first of its words.

        `hits`: where the words stand, if that is known.
        """
        first: dict[Cue, tuple[int, int]] = {}
        for index, start, end in self._keywords.find(text) if hits is None else hits:
            for cue in self._owners[index]:
                inside = not cue.title_only or (start in title and end <= title.stop)
                if inside and (cue not in first or (start, end) < first[cue]):
                    first[cue] = start, end
        for cue, (start, end) in first.items():
            for name in (f"cue={cue.name}", f"ground={cue.group}", f"lean={cue.lean}"):
                yield name, start, end


@functools.cache
def _all_cues() -> CueTable:
    return CueTable(CUES)


def cue_words() -> Sequence[str]:
    """Return the words of all cues, for who looks for them in passing."""
    return _all_cues().words


def features(
    text: str,
    anatomy: Anatomy,
    counts: Mapping[str, int],
    cues: CueTable | None = None,
    seen: tuple[View, Iterable[Found]] | None = None,
) -> Features:
    """Return the features of `text` with its `anatomy`; `counts` are finding types and how many were found.

    `cues` is for cross-validation, which must not use wording found in the very documents it holds out; `seen` is
    the squeeze view of `text` where it has been made, and where in it the words of `cue_words` stand.
    """
    table = cues or _all_cues()
    whole, text = text, _body(text, anatomy)
    head, *others = _parts(text)
    known = _beginning(whole, head[0], seen[0]) if seen else None
    view = known or squeeze(fold(head[0]))
    hits = [hit for hit in seen[1] if hit[2] <= len(view.text)] if seen and known else None
    found: dict[str, list[int] | Occurrence] = {**_in_view(view.text, _title(view, anatomy.title), table, hits)}
    for part, base in others:
        shown = squeeze(fold(part))
        for name, (times, first, last) in _in_view(shown.text, range(0), table).items():
            before = found.get(name)
            if isinstance(before, list):
                before[0] += times
            else:
                start, end = shown.span(first, last)
                found[name] = Occurrence(times, base + start, base + end)
    for name, span in form(text, anatomy):
        found[f"form={name}"] = Occurrence(1, *(span or ()))
    found |= {f"finding={kind}": Occurrence(count) for kind, count in counts.items() if count}
    return Features(Wording(found, view), len("".join(text.split())))


def _beginning(whole: str, part: str, squeezed: View) -> View | None:
    """Return the squeeze view of a part a text begins with, if nothing but white space follows it; else None."""
    size = len(part)
    if size != len(whole) and (part[-1:].isspace() or not whole[size:].isspace()):
        return None
    if not whole.startswith(part):
        return None
    if size == len(whole):
        return squeezed
    end = squeezed.position(size)
    return View(squeezed.text[:end], None if squeezed.origin is None else squeezed.origin[:end])


def family(name: str) -> str:
    """Return the family of a feature's name."""
    return name.partition("=")[0]


def _body(text: str, anatomy: Anatomy) -> str:
    """Return the visible body, offsets kept, with spaces where it states its own attribute.

    Headers, notes, comments, metadata and attachments come after the body and are left to the detectors.
    """
    text = text[: anatomy.lines[-1].end] if anatomy.lines else text
    spans: list[tuple[int, int]] = []
    if _OPEN.search(text):
        lined = text.replace(PARAGRAPH_BREAK, "\n")
        spans = [m.span() for low, high in _near_open(lined) for m in _DECLARATION.finditer(lined, low, high)]
    for start, end in [*spans, *([anatomy.declared.span] if anatomy.declared else [])]:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _near_open(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines around each 公开, apart from one another: nowhere else a declaration needs to be looked for."""
    low = high = 0
    for match in _OPEN.finditer(text):
        if match.start() - _DECLARED_FROM > high:
            if high:
                yield low, high
            low = text.rfind("\n", 0, max(0, match.start() - _DECLARED_FROM)) + 1
        end = text.find("\n", min(match.end() + _DECLARED_TO, len(text)))
        high = len(text) if end < 0 else end
    if high:
        yield low, high


def _parts(text: str) -> Iterator[tuple[str, int]]:
    """Yield the parts that are read, each with its offset."""
    if len(text) <= _HEAD + _TAIL:
        yield text, 0
        return
    yield text[:_HEAD], 0
    yield text[-_TAIL:], len(text) - _TAIL


def _title(view: View, title: Span | None) -> range:
    """Return the title's places in `view`; without a title, those of the first line."""
    if title is None:
        line = _FIRST_LINE.match(view.text)
        return range(line.end() if line else 0)
    return range(view.position(title.start), view.position(title.end))


def _in_view(text: str, title: range, cues: CueTable, hits: Iterable[Found] | None = None) -> dict[str, list[int]]:
    """Return how often each feature of the wording occurs, and its first place in the view.

    Cues; words, pairs of neighbours and words of the title. Names of places and organs and numbers say nothing.
    """
    found: dict[str, list[int]] = {}
    for name, start, end in cues.find(text, title, hits):
        _count(found, name, start, end)
    begin, stop = title.start, title.stop
    known: dict[str, list[int] | None] = {}
    last, last_start, last_end = "", 0, -1
    for word, start, end in tokens(text):  # written out: this is done for every word of every document
        if word in known:
            held = known[word]
        else:
            held = known[word] = found.setdefault(f"word={word}", [0, start, end]) if _speaks(word) else None
        if held is None:
            last_end = last_end if word.isspace() else -1
            continue
        held[0] += 1
        if begin <= start < stop:
            _count(found, f"title={word}", start, end)
        if last_end == start:
            name = f"pair={last}+{word}"
            if name in found:
                found[name][0] += 1
            else:
                found[name] = [1, last_start, end]
        last, last_start, last_end = word, start, end
    return found


def _count(found: dict[str, list[int]], name: str, start: int, end: int) -> None:
    found.setdefault(name, [0, start, end])[0] += 1


@functools.lru_cache(maxsize=1 << 15)
def _speaks(word: str) -> bool:
    """Tell whether a word can say something about the attribute; remembered, for the same words come again."""
    if word in _SPEAKING:
        return True
    return bool(_HAN_WORD.fullmatch(word)) and word not in _MATTERS and not _NAME.fullmatch(word)
