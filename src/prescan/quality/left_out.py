"""Counts what is found of an author by models that have not learned from him: `python -m prescan.quality.left_out`.

For each author (or those named) the models of passages, limits and levels are trained without his texts; then all
rules speak, with one threshold after another. The thresholds of the models are chosen by these figures. Takes an hour.
"""

from __future__ import annotations

import dataclasses
import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

from prescan.detect import Compiled
from prescan.detect.compiled import LIMITS, PASSAGES
from prescan.detect.joint_models import JointModels
from prescan.detect.passage_model import QUIET
from prescan.quality import secrecy_models
from prescan.quality.secrecy import FAMILIES, MARKS, Passage, counted, read_passages
from prescan.quality.selftest import findings_in
from prescan.quality.taught import corpus_of, development, everyday_pages
from prescan.quality.thresholds import CHOSEN, Thresholds
from prescan.resources import resource_dir
from prescan.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: Authors of the corpus of the passage model who had not seen the rules.
_BLIND: Final = ("s", "t", "u", "v")
#: Families told by content.
_CONTENT: Final = [family for family in FAMILIES if family not in MARKS]


_TRIED: Final = (
    CHOSEN,
    *(CHOSEN._replace(passages=least) for least in (-1.2, -0.5, -0.2)),
    *(CHOSEN._replace(limits=least) for least in (-0.6, -0.3, 0.3)),
    *(CHOSEN._replace(review=least) for least in (-0.8, 0.0)),
    *(CHOSEN._replace(block=least) for least in (0.0, 0.6)),
)


def authors(root: Path) -> Iterator[tuple[str, list[Passage]]]:
    """Yield the authors whose texts are learned from, and the texts."""
    yield from ((path.stem, read_passages(path)) for path in development(root))
    for name in _BLIND:
        path = resource_dir("models") / "passages" / "corpus" / f"{name}.tsv"
        yield name, [_passage(family, text) for family, text in corpus_of(path)]
    pages = list(everyday_pages(root))
    for name in dict.fromkeys(author for author, _ in pages):
        yield name, [_passage(QUIET, text) for author, text in pages if author == name]


def _passage(family: str, text: str) -> Passage:
    label = QUIET if family in {"", QUIET} else "find"
    return Passage("", "dev", label, family or QUIET, None, "", text)


def trained_without(author: str, root: Path, compiled: Compiled) -> None:
    """Give `compiled` models that have not learned from an author."""
    compiled.passages, compiled.limits, compiled.levels = secrecy_models.train(root, {author})
    compiled.joint_models = JointModels(
        {PASSAGES: compiled.passages, **dict(zip(LIMITS, compiled.limits, strict=True))}
    )


def count(texts: Sequence[Passage], compiled: Compiled, least: Thresholds) -> Counter[str]:
    """Return what is found of the texts with these thresholds; of how many stands under the same name with "of"."""
    if compiled.passages is None or compiled.limits is None or compiled.levels is None:
        raise ValueError("a model is missing")
    said, beside = compiled.limits
    compiled.passages = dataclasses.replace(compiled.passages, least=least.passages)
    compiled.limits = dataclasses.replace(said, least=least.limits), beside
    compiled.levels = dataclasses.replace(compiled.levels, review=least.review, block=least.block)
    tally = counted(texts, lambda text: findings_in(text, compiled))
    figures: Counter[str] = Counter()
    for name, families in (("mark", ["mark"]), ("internal", ["internal", "work_secret"]), ("content", _CONTENT)):
        figures[name] = sum(tally.found[family] for family in families)
        figures[f"of {name}"] = sum(tally.all[family] for family in families)
    figures["block"], figures["of block"] = tally.blocked["mark"], tally.all["mark at block"]
    figures["false"], figures["of false"] = tally.alerts[QUIET], tally.all[QUIET]
    figures["false block"], figures["of false block"] = tally.blocked[QUIET], tally.all[QUIET]
    return figures


def _line(figures: Counter[str]) -> str:
    names = [name for name in figures if not name.startswith("of ")]
    return "  ".join(f"{name} {figures[name]}/{figures[f'of {name}']}" for name in names if figures[f"of {name}"])


def main(chosen: Sequence[str]) -> int:
    """Print the figures of each author, or of the chosen ones, and of all together."""
    root, compiled = resource_dir("rules").parent, Compiled(load_rules())
    together: dict[Thresholds, Counter[str]] = {least: Counter() for least in _TRIED}
    for author, texts in authors(root):
        if chosen and author not in chosen:
            continue
        trained_without(author, root, compiled)
        for least in _TRIED:
            figures = count(texts, compiled, least)
            together[least].update(figures)
            print(author, *least, _line(figures), sep="  ", flush=True)
    for least, figures in together.items():
        print("总", *least, _line(figures), sep="  ")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
