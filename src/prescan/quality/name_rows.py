"""Tables, lists and lines of people for training, combined at random from `models/names/corpus/rows.txt`.

Real lists have unexpected headers or none; the number in a row shows that it is about a person.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import regex

from prescan.quality.name_corpus import FOREIGN, PRIVATE, PUBLIC, draw, filled, sections_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from prescan.quality.name_corpus import People, Sample

_NUMBER_SLOT = regex.compile(r"\{(PASS|DAY|SUM|CODE)\}")


def rows_of_people(
    folder: Path, words: Sequence[tuple[str, float]], people: People, turns: int, weight: float
) -> Iterator[Sample]:
    """Yield tables and lists from `rows.txt`: private people with or without numbers, and people in office.

    `words` are put into some cells; they begin with a surname but are no names.
    """
    parts = sections_of(folder / "rows.txt")
    for turn in range(turns):
        seed = f"rows/{turn}"
        chance = random.Random(seed)  # noqa: S311  not a secret
        which = PRIVATE if chance.random() < 0.65 else PUBLIC  # noqa: PLR2004  lists of people are mostly private
        make = chance.choices((_grid, _items, _mixed), (4, 3, 3))[0]
        text = make(parts, which, words, chance)
        yield filled(_NUMBER_SLOT.sub(lambda slot: _number(slot[1], chance), text), seed, people, weight)  # noqa: B023


def _slot(which: str, chance: random.Random) -> str:
    return "{o}" if which == PUBLIC else "{e}" if chance.random() < FOREIGN else "{p}"


def _grid(
    parts: Mapping[str, Sequence[str]], which: str, words: Sequence[tuple[str, float]], chance: random.Random
) -> str:
    """Return lines of cells, most of them below a line of headers."""
    columns = [(chance.choice(parts[f"{which} head"]), "")]
    pools = [f"{which} column"] * chance.randint(which == PUBLIC, 2)
    pools += [f"{which} plain"] * chance.randint(1, 3)
    columns += [tuple(chance.choice(parts[pool]).split("=")) for pool in pools]  # type: ignore[misc]
    if chance.random() < 0.3:  # noqa: PLR2004  a column of words that could be names
        columns.append(("备注", ""))
    chance.shuffle(columns)
    if which == PRIVATE and chance.random() < 0.4:  # noqa: PLR2004  who looks after them, behind what is said of them
        columns.append((chance.choice(parts["office head"]), "who"))
    gap = chance.choice(("\t", "\t", "\t", "|", "｜", " | ", "　　", "  ", "／", "，", " "))
    lines = [gap.join(head for head, _ in columns)] if chance.random() < 0.6 else []  # noqa: PLR2004  the rest go without
    numbered = chance.random() < 0.5  # noqa: PLR2004  half of the lists count their lines
    each = chance.randint(1, 3)  # so many are looked after by the same person
    for number in range(chance.randint(2, 5)):
        cells = []
        for head, values in columns:
            word = draw(words, chance) if chance.random() < 0.5 else chance.choice(parts["words"])  # noqa: PLR2004
            if values == "who":
                cells.append(f"{{o{number // each}}}")
                continue
            cells.append(
                chance.choice(values.split(";")) if values else word if head == "备注" else _slot(which, chance)
            )
        lines.append(gap.join([str(number + 1), *cells] if numbered else cells))
    return "\n".join(lines)


def _items(
    parts: Mapping[str, Sequence[str]], which: str, words: Sequence[tuple[str, float]], chance: random.Random
) -> str:
    """Return a list whose lines begin with a bullet or a number and a name."""
    bullet = chance.choice("◇ |▲|● |——|※ |★|· |- |◎ |{n}. |{n}、|（{n}）|{n}号，|{n} ||".split("|"))
    lines = []
    for number in range(chance.randint(2, 5)):
        body = _slot(which, chance) + chance.choice(parts[f"{which} item"])
        if chance.random() < 0.15:  # noqa: PLR2004  some lines begin with a word
            body = draw(words, chance) + chance.choice(parts["private item"])
        lines.append(bullet.replace("{n}", str(number + 1)) + body + chance.choice("。；  "))
    return "\n".join(lines)


def _mixed(
    parts: Mapping[str, Sequence[str]], which: str, words: Sequence[tuple[str, float]], chance: random.Random
) -> str:
    """Return prose: people named by relation or role, and people who sign."""
    pieces = []
    for _ in range(chance.randint(2, 4)):
        side = which if chance.random() < 0.7 else PUBLIC  # noqa: PLR2004  who signs stands beside whom it is about
        lead = chance.choice(parts[f"{side} lead"])
        if chance.random() < 0.12:  # noqa: PLR2004  a word where a name could stand
            pieces.append(lead + draw(words, chance))
        else:
            trail = chance.choice(parts["private trail"] if chance.random() < 0.6 else parts["private item"])  # noqa: PLR2004
            trail = trail if side == PRIVATE else chance.choice(parts["public item"]) if chance.random() < 0.4 else ""  # noqa: PLR2004
            pieces.append(lead + _slot(side, chance) + trail)
        pieces.append(chance.choice(("，", "。", "；", "\n", "　", "。")))
    return "".join(pieces)


def _number(kind: str, chance: random.Random) -> str:
    """Return the number of a paper, a date, an amount or another number."""
    digits = "".join(chance.choices("0123456789", k=12))
    if kind == "PASS":
        return chance.choice(("E", "EA", "H", "M", "G", ""))[:2] + digits[:8]
    if kind == "DAY":
        return f"{chance.randint(1940, 2018)}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
    return f"{chance.randint(1, 99)}00元" if kind == "SUM" else digits[: chance.randint(9, 12)]
