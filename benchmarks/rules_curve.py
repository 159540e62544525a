"""What more rules and more words cost: one keyword pass and one pass over what it found, for all rules together.

CPU milliseconds to look through the same text, with 10 to 2,000 rules and with 1,000 to 20,000 words.
"""

from __future__ import annotations

import random
import statistics
import time
from typing import TYPE_CHECKING, Final

from samples import text_sample

from prescan.detect import Compiled, detect
from prescan.quality.selftest import reading_of
from prescan.rules import Rule, RuleBase

if TYPE_CHECKING:
    from collections.abc import Callable

_CHARACTERS: Final = 100_000
_ROUNDS: Final = 5
#: Words found in the text: one in every 300 characters.
_HITS: Final = 333
_RULES: Final = (10, 200, 2_000)
_WORDS: Final = (1_000, 5_000, 20_000)
_WORDS_A_RULE: Final = 5
_SYLLABLES: Final = "安保备查部材策定督防负工规核环机检建科劳理粮林民农评企清人审水统推维项信训要医业预源责政质治重资综"


def words(count: int) -> list[str]:
    """Return different made-up words of four characters; the same each run."""
    rng = random.Random(count)  # noqa: S311  not a secret
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choices(_SYLLABLES, k=4))] = None
    return list(found)


def rules(count: int) -> tuple[Rule, ...]:
    """Return rules of a few words each, half of them patterns around a word."""
    held = words(count * _WORDS_A_RULE)
    made = []
    for number in range(count):
        own = tuple(held[number * _WORDS_A_RULE : (number + 1) * _WORDS_A_RULE])
        kind = "pattern" if number % 2 else "words"
        pattern = f"(?:{'|'.join(own)})[^。]{{0,12}}(?:表|单|册)"
        fields = {"keywords": own, "pattern": pattern} if kind == "pattern" else {"words": own}
        made.append(Rule(f"QHX-{number:04}", "", kind, "internal_mark", (), "", **fields))
    return tuple(made)


def cost(base: tuple[Rule, ...], text: str) -> float:
    """Return the median CPU milliseconds of looking through a text that holds as many hits whatever the rules are."""
    held = [word for rule in base for word in (*rule.keywords, *rule.words)]
    strewn = random.Random(1).choices(held, k=_HITS)  # noqa: S311  not a secret
    step = len(text) // _HITS
    pieces = [text[number * step : (number + 1) * step] + f"。{word}一览表。" for number, word in enumerate(strewn)]
    compiled, reading = Compiled(RuleBase(base, (), {}, frozenset())), reading_of("".join(pieces))
    return _median(lambda: detect(reading, compiled, "draft"))


def _median(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken) * 1_000


def main() -> None:
    """Print both curves."""
    text = text_sample(_CHARACTERS).decode()
    for label, sizes, make in (
        ("rules", _RULES, rules),
        (
            "words",
            _WORDS,
            lambda count: (Rule("QHX-1", "", "words", "internal_mark", (), "", words=tuple(words(count))),),
        ),
    ):
        costs = {size: cost(make(size), text) for size in sizes}
        least = costs[sizes[0]]
        for size, taken in costs.items():
            print(f"{size:>7} {label}  {taken:8.1f} ms for {len(text):,} characters  {taken / least:5.2f}×")


if __name__ == "__main__":
    main()
