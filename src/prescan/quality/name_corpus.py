"""Training texts of the name model: natural documents, sentences with slots, public sentences; invented names.

models/names/corpus/labels.tsv      names in the documents of models/attribute/corpus (`GROUPS`), with roles
models/names/corpus/sentences_*.txt text written for prescan with slots for names; augmentation, never evaluation
models/names/corpus/rows.txt        columns, cells and lines of lists, combined at random
models/names/corpus/documents       documents with tagged names, many of them also words; see name_documents.py
tests/quality/personal              the labelled groups `names.LEARNT`, in the same way
models/names/corpus/held.txt        sentences with slots that are not used for training
shared folder `domain/statutes`     law texts (not subject to copyright): words that look like names but are not
shared data `ner/*.train.jsonl.gz`  UniversalNER Chinese-GSDSIMP (CC BY-SA 4.0): names without roles
"""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from prescan.quality.corpus import fill, read_document
from prescan.resources import data_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

#: Groups of models/attribute/corpus whose names are labelled; d and m are never used for training.
GROUPS: Final = "abckpq"
PRIVATE: Final = "private"
PUBLIC: Final = "public"
UNSURE: Final = "unsure"
PERSON: Final = "person"
"""A name whose role is not known."""

_SLOT = regex.compile(r"\{(?P<kind>[poefsgv])(?P<number>\d*)\}")
_ROLES: Final = {"p": PRIVATE, "e": PRIVATE, "o": PUBLIC, "f": PUBLIC}
#: Shares of the kinds of names, as in published lists: two characters, compound surname, written with a space.
_TWO: Final = 0.3
_COMPOUND: Final = 0.1
_SPACED: Final = 0.2
_TOUCHED: Final = 0.5
"""Share of the places within a line where such names keep their space."""
_RARE: Final = 0.05
"""Share of surnames that are in no list."""
FOREIGN: Final = 0.1
_GIVEN_AT_LEAST: Final = 400
_FIRST: Final = tuple(
    "阿不都热合曼 古丽娜尔 艾合买提 买买提 吐尔逊 阿依古丽 帕提古丽 努尔艾力 玉素甫 热依汗 赛里克 巴合提 "
    "扎西 才让 卓玛 次仁 洛桑 叶尔兰 加娜尔".split()
)
_LAST: Final = tuple(
    "买买提 艾力 吐尔逊 卡德尔 阿不来提 热西提 玉苏甫 沙吾列提 木沙 库尔班 尼亚孜 达吾提 依明 卓嘎 多吉 "
    "哈力木拉提 别克 艾山".split()
)
_SINGLE: Final = tuple(
    "阿依古丽 古丽娜尔 艾合买提 努尔艾力 帕提古丽 其木格 巴特尔 娜仁花 苏日娜 乌力吉 格日勒图 扎西顿珠 "
    "次仁卓玛 卓玛 才让 旺堆 丹增 索朗 阿牛木呷 吉克拉铁 马海尔呷 俄木阿依 热依汗 加娜尔 巴合提 叶尔兰 "
    "哈斯巴根 那顺 桑杰 多杰 仁青 央金 德吉 平措".split()
)
_CLAUSE_AT_LEAST: Final = 30
_EDGE = regex.compile(r"[\s,，、:：(（|]|$|^")


class Mark(NamedTuple):
    """A name in a training text, with its role."""

    start: int
    end: int
    role: str


@dataclass(frozen=True)
class Sample:
    """A training text with its names."""

    source: str
    text: str = field(repr=False)
    marks: tuple[Mark, ...] = field(repr=False)
    weight: float = 1.0


class People:
    """Invents names from surnames by frequency and characters of given names by sex."""

    def __init__(self, given: Mapping[str, tuple[int, int]]) -> None:
        """`given`: character of given names → counts for men and women."""
        rows = [(row[0], float(row[1])) for row in data_rows("surnames.tsv")]
        self._single = [(name, count**0.6) for name, count in rows if len(name) == 1]
        self._compound = [(name, count**0.3) for name, count in rows if len(name) > 1]
        frequent = {char: counts for char, counts in given.items() if sum(counts) >= _GIVEN_AT_LEAST}
        surnames = {name for name, _ in rows}
        self._rare = [(char, 1.0) for char, counts in given.items() if sum(counts) >= _GIVEN_AT_LEAST // 2]
        self._rare = [(char, weight) for char, weight in self._rare if char not in surnames]
        self._given = [[(char, counts[sex] ** 0.75) for char, counts in frequent.items()] for sex in (0, 1)]

    def name(self, chance: random.Random, length: int | None = None) -> str:
        """Return a name; `length` counts the whole name."""
        compound = chance.random() < _COMPOUND and length is None
        rare = chance.random() < _RARE and self._rare
        surname = draw(self._compound if compound else self._rare if rare else self._single, chance)
        size = length - 1 if length else 1 if chance.random() < _TWO else 2
        given = self._given[chance.random() < 0.45]  # noqa: PLR2004  somewhat fewer women in lists
        first = draw(given, chance)
        doubled = size > 1 and chance.random() < 0.04  # noqa: PLR2004  娜娜, 婷婷
        return surname + first + (first if doubled else draw(given, chance) if size > 1 else "")

    def surname(self, chance: random.Random) -> str:
        """Return a surname."""
        return draw(self._single, chance)

    def given_name(self, chance: random.Random) -> str:
        """Return one character of a given name."""
        return draw(self._given[0], chance)

    @staticmethod
    def dotted(chance: random.Random) -> str:
        """Return a name of another language: two parts with a dot, or one."""
        if chance.random() < 0.4:  # noqa: PLR2004  a part of the names has one part
            return chance.choice(_SINGLE)
        return f"{chance.choice(_FIRST)}·{chance.choice(_LAST)}"


def draw(choices: Sequence[tuple[str, float]], chance: random.Random) -> str:
    """Return one of the choices by their weights."""
    return chance.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]


def read_given(path: Path) -> dict[str, tuple[int, int]]:
    """Return the characters of given names with their counts for men and women (shared data, ngender, MIT)."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return {row[0]: (int(row[1]), int(row[2])) for row in rows if len(row) == 3 and len(row[0]) == 1}  # noqa: PLR2004


def sentences(folder: Path, people: People, fills: int, which: str = "sentences_*.txt") -> Iterator[Sample]:
    """Yield every text with slots, filled `fills` times."""
    for path in sorted(folder.glob(which)):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        for number, block in enumerate("\n".join(lines).split("\n===\n")):
            for turn in range(fills):
                seed = f"{path.stem}/{number}/{turn}"
                yield filled(block.strip("\n"), seed, people, 1 / fills)


def filled(block: str, seed: str, people: People, weight: float = 1.0) -> Sample:
    """Return a text with its slots filled; the same `seed` gives the same text."""
    chance = random.Random(seed)  # noqa: S311  not a secret
    spaced = chance.random() < _SPACED
    given: dict[str, str] = {}
    pieces: list[str] = []
    marks: list[Mark] = []
    at = length = 0
    block = fill(block, seed)
    for slot in _SLOT.finditer(block):
        key = slot[0] if slot["number"] else f"{slot[0]}{slot.start()}"
        if key not in given:
            given[key] = _value(slot["kind"], people, chance)
        value = given[key]
        before = block[at : slot.start()]
        around = chance.random() < _TOUCHED or (
            _EDGE.match(block, slot.end()) and _EDGE.match(block[slot.start() - 1 : slot.start()])
        )
        if slot["kind"] in _ROLES and len(value) == 2 and spaced and around:  # noqa: PLR2004
            value = f"{value[0]}{chance.choice((' ', '　'))}{value[1]}"
        length += len(before)
        if slot["kind"] in _ROLES:
            marks.append(Mark(length, length + len(value), _ROLES[slot["kind"]]))
        length += len(value)
        pieces += [before, value]
        at = slot.end()
    return Sample(seed, "".join(pieces) + block[at:], tuple(marks), weight)


def _value(kind: str, people: People, chance: random.Random) -> str:
    if kind in "ef":
        return people.dotted(chance)
    if kind == "g":
        return people.given_name(chance)
    return people.surname(chance) if kind in "sv" else people.name(chance)


def frames(
    folder: Path, people: People, words: Sequence[tuple[str, float]], turns: int, weight: float
) -> Iterator[Sample]:
    """Yield short texts combined at random: a left context, a name, a right context.

    `words` are ordinary words that begin with a surname (康复, 白沙); they take the place of names as counterexamples.
    """
    parts = sections_of(folder / "frames.txt")
    places = [row[1] for row in data_rows("counties.tsv") if len(row) > 1]
    for turn in range(turns):
        seed = f"frames/{turn}"
        chance = random.Random(seed)  # noqa: S311  not a secret
        pieces = []
        for _ in range(chance.randint(1, 3)):
            role = chance.choices(("private", "public", "nobody"), (5, 3, 3))[0]
            if role == "nobody":
                side = chance.choice((PRIVATE, PUBLIC))
                if chance.random() < 0.5:  # noqa: PLR2004  half of them words, half written by hand
                    pieces += [chance.choice(parts[f"{side} left"]), draw(words, chance)]
                    pieces.append(draw(words, chance) if chance.random() < 0.5 else "")  # noqa: PLR2004
                else:
                    pieces.append(chance.choice(parts["nobody"]).replace("{d}", chance.choice(places)))
                pieces.append(chance.choice(parts[f"{side} right"]))
            else:
                slot = "o" if role == PUBLIC else "e" if chance.random() < FOREIGN else "p"
                pieces += [chance.choice(parts[f"{role} left"]), f"{{{slot}}}", chance.choice(parts[f"{role} right"])]
            pieces.append(chance.choice(("，", "。", "\n", "；", "\n", "")))
        yield filled("".join(pieces), seed, people, weight)


def sections_of(path: Path) -> dict[str, list[str]]:
    """Return the parts of a file by section."""
    parts: dict[str, list[str]] = {}
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            parts.setdefault(section, []).extend(line.split("|"))
    return parts


def natural(folder: Path, documents: Path, people: People, turns: int, weight: float) -> Iterator[Sample]:
    """Yield the labelled documents, once as written and then with other names."""
    labels = {}
    for line in (folder / "labels.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") and line.strip():
            name, *lists = line.split("\t")
            labels[name] = [names.split() for names in (*lists, "", "", "")[:3]]
    for path in sorted(path for group in GROUPS for path in (documents / group).glob("*.txt")):
        key = f"{path.parent.name}/{path.name}"
        roles = {
            name: role
            for names, role in zip(labels.get(key, ()), (PRIVATE, PUBLIC, UNSURE), strict=False)
            for name in names
        }
        text = read_document(path).text
        for turn in range(turns if roles else 1):
            yield _renamed(f"{key}/{turn}", text, roles, people if turn else None, weight / (turns if roles else 1))


def _renamed(seed: str, text: str, roles: Mapping[str, str], people: People | None, weight: float) -> Sample:
    chance = random.Random(seed)  # noqa: S311  not a secret
    others = {name: people.name(chance, min(len(name), 3)) if people else name for name in roles}
    marks: list[Mark] = []
    pieces: list[str] = []
    at = length = 0
    found = regex.finditer("|".join(sorted(roles, key=len, reverse=True)), text) if roles else ()
    for match in found:
        before = text[at : match.start()]
        value = others[match[0]]
        length += len(before)
        marks.append(Mark(length, length + len(value), roles[match[0]]))
        length += len(value)
        pieces += [before, value]
        at = match.end()
    return Sample(seed, "".join(pieces) + text[at:], tuple(marks), weight)


def clauses(folder: Path, weight: float) -> Iterator[Sample]:
    """Yield the paragraphs of law texts (*.md), which contain no names."""
    for path in sorted(folder.glob("*.md")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            if len(line) > _CLAUSE_AT_LEAST:
                yield Sample(f"law/{path.stem}/{number}", line, (), weight)


def public_sentences(path: Path, weight: float) -> Iterator[Sample]:
    """Yield the sentences of a public set (jsonl.gz) with the people in them."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for number, line in enumerate(stream):
            row = json.loads(line)
            people = [entity for entity in row["entities"] if entity[2] == "PERSON"]
            marks = tuple(Mark(start, end, PERSON) for start, end, _ in people)
            yield Sample(f"uner/{number}", row["text"], marks, weight)
