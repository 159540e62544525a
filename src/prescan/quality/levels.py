"""Trains the level model: `python -m prescan.quality.levels`. Passages of `held` are never learned from.

Learned from: the pages of `tests/rules/written`, the examples of the rules, the development passages of
`tests/quality/secrecy`, the corpus of the passage model, the clean texts and the public documents of the attribute
corpus. Each place of a level is learned; the places of one page weigh as much as one together.

`python -m prescan.quality.levels authors` learns once without each author of development passages, and says by the
odds asked for how many of his marks and of his harmless passages the model alone takes for marks.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import regex

from prescan import arrays
from prescan.detect.level_model import FORMAT, LEVEL, LevelModel, features
from prescan.quality.linear import Features
from prescan.quality.personal import read_labelled
from prescan.quality.secrecy import read_passages
from prescan.resources import finding_types, resource_dir
from prescan.rules import load_rules
from prescan.text.view import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_STRENGTH: Final = 30.0
#: Groups of the attribute corpus that are learned from; d and m are left for counting false alarms.
_GROUPS: Final = ("a", "b", "c", "k", "p", "q", "r")
_PLACES_AT_MOST: Final = 6
#: Groups of documents with personal data that are learned from as quiet, and words of those that may not be.
_EVERYDAY: Final = ("f", "g", "h", "i", "j", "k", "l")
_INNER: Final = regex.compile(
    "内部|外[传泄发借]|密|转发|拍照|截图|[只仅](?:供|限|发)|不得公开|不公开|勿|上网|收回|交回|回收|不外|不对外|留底"
)
#: Log odds at which authors left out are counted.
_ASKED: Final = (-1.3, -0.8, -0.3, 0.0, 0.5)
_MARKED: Final = regex.compile("[«»]")
_ANNOTATED: Final = regex.compile(r"\Alabel: proactive")
_PERSONAL: Final = frozenset({"personal", "sensitive_personal"})


def learned_from(root: Path, without: str = "") -> Iterator[tuple[bool, str]]:
    """Yield (is it marked, text) of everything the model learns from, `without` the passages of an author."""
    for name in ("marks", "internal", "trade", "harmless"):
        for line in (root / "tests" / "rules" / "written" / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            expected, _, page = line.partition("\t")
            yield expected == "block", page.replace("\\n", "\n").replace("\\t", "\t")
    for path in sorted((root / "tests" / "quality" / "secrecy").glob("dev*.jsonl")):
        if path.stem != without:
            yield from ((one.family == "mark" and one.level == "block", one.text) for one in read_passages(path))
    for rule in load_rules().rules:
        if finding_types()[rule.type].category not in _PERSONAL and rule.kind != "level":  # its own show how sure it is
            yield from ((rule.type == "secret_mark", _MARKED.sub("", example)) for example in rule.find)
            yield from ((False, example) for example in rule.passes)
    for path in sorted((resource_dir("models") / "passages" / "corpus").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield False, line.rpartition("\t")[2].replace("\\n", "\n")
    for path in sorted((resource_dir("rules") / "clean").glob("*.txt")):
        yield False, path.read_text(encoding="utf-8")
    yield from ((False, text) for text in public_documents())
    yield from ((False, text) for text in everyday_documents(root))


def public_documents() -> Iterator[str]:
    """Yield the public documents of the attribute corpus, but those of groups that are left for counting."""
    for group in _GROUPS:
        for path in sorted((resource_dir("models") / "attribute" / "corpus" / group).glob("*.txt")):
            text = path.read_text(encoding="utf-8")
            if _ANNOTATED.match(text):
                yield text.partition("---\n")[2]


def everyday_documents(root: Path) -> Iterator[str]:
    """Yield documents of the labelled groups on personal data that nothing keeps inside; later groups are counted."""
    for group in _EVERYDAY:
        for document in read_labelled(root / "tests" / "quality" / "personal" / group):
            if not _INNER.search(document.text):
                yield document.text


def train(root: Path, review: float, block: float, without: str = "") -> LevelModel:
    """Return the model learned from everything below `root`; the same texts give the same model."""
    held, labels, shares = [], [], []
    for marked, text in dict.fromkeys(learned_from(root, without)):
        view = fold(text).text
        places = [match.span() for match in LEVEL.finditer(view)][:_PLACES_AT_MOST]
        for start, end in places:
            held.append(features(view, start, end))
            labels.append(marked)
            shares.append(len(places) ** -0.5)
    features_of = Features(held)
    weights, bias = features_of.fit(labels, _STRENGTH, shares)
    return LevelModel(
        keys=features_of.keys,
        weights=weights,
        rarity=features_of.rarity,
        bias=bias,
        review=review,
        block=block,
    )


def authors(root: Path) -> None:
    """Print what the model makes of each author it has not learned from."""
    for path in sorted((root / "tests" / "quality" / "secrecy").glob("dev*.jsonl")):
        model = train(root, 0.0, 0.0, without=path.stem)
        odds: dict[bool, list[float]] = {True: [], False: []}
        for one in read_passages(path):
            if one.family in {"mark", "quiet"}:
                view = fold(one.text).text
                scores = [model.score(view, *match.span()) for match in LEVEL.finditer(view)]
                odds[one.family == "mark"].append(max(scores, default=-math.inf))
        told = [
            " ".join(f"{sum(odd >= least for odd in held)}/{len(held)}" for held in odds.values()) for least in _ASKED
        ]
        print(path.stem, *(f"{least:+}: {said}" for least, said in zip(_ASKED, told, strict=True)), sep="  ")


def write(model: LevelModel, folder: Path) -> str:
    """Write the model's files into `folder`; return its version."""
    fields: dict[str, Any] = {
        "format": FORMAT,
        "bias": model.bias,
        "review": model.review,
        "block": model.block,
        "weights_sha256": "",
    }
    held: dict[str, NDArray[Any]] = {
        "keys": model.keys,
        "weights": model.weights.astype(np.float16),
        "rarity": model.rarity.astype(np.float16),
    }
    return arrays.write(folder, fields, held)


def main(review: str = "-0.8", block: str = "-0.3") -> int:
    """Train, write, print the size; or say what it makes of authors it has not learned from."""
    if review == "authors":
        authors(resource_dir("rules").parent)
        return 0
    model = train(resource_dir("rules").parent, float(review), float(block))
    version = write(model, resource_dir("models") / "levels")
    print(f"密级模型 {version}：{len(model.keys)} 个特征")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
