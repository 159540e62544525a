"""Training texts of the passage, level and limit models, from the source tree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import regex

from prescan.quality.personal import read_labelled
from prescan.resources import resource_dir

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

#: Marks the expected span in an example of a rule.
MARKED: Final = regex.compile("[«»]")
_PUBLIC: Final = regex.compile(r"\Alabel: proactive$", regex.MULTILINE)
#: Groups of labelled documents on personal data used as quiet texts; those with words of _INNER are left out.
_EVERYDAY: Final = ("f", "g", "h", "i", "j", "k", "l")
_INNER: Final = regex.compile(
    "内部|外[传泄发借]|密|转发|拍照|截图|[只仅](?:供|限|发)|不得公开|不公开|勿|上网|收回|交回|回收|不外|不对外|留底"
)


def written_pages(root: Path, name: str) -> Iterator[tuple[str, str]]:
    r"""Yield (expected level, page) of a list in `tests/rules/written`, where \\n and \\t are escapes."""
    for line in (root / "tests" / "rules" / "written" / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        expected, _, page = line.partition("\t")
        yield expected, page.replace("\\n", "\n").replace("\\t", "\t")


def development(root: Path, without: Container[str] = ()) -> list[Path]:
    """Return the files of development passages, except those of the authors `without`."""
    paths = sorted((root / "tests" / "quality" / "secrecy").glob("dev*.jsonl"))
    return [path for path in paths if path.stem not in without]


def passage_corpus(without: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield (family, text) of the corpus of the passage model, except of the authors `without`; family "" = quiet."""
    for path in corpora(without):
        yield from corpus_of(path)


def corpora(without: Container[str] = (), model: str = "passages") -> list[Path]:
    """Return the files of the corpus of a model, one an author, except those of the authors `without`."""
    paths = sorted((resource_dir("models") / model / "corpus").glob("*.tsv"))
    return [path for path in paths if path.stem not in without]


def corpus_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (family, text) of one author of the corpus of the passage or limit model."""
    for line in path.read_text(encoding="utf-8").splitlines():
        family, tab, text = line.partition("\t")
        yield (family, text.replace("\\n", "\n").replace("\\t", "\t")) if tab else ("", line)


def clean_texts() -> Iterator[str]:
    """Yield the clean texts of the rules."""
    for path in sorted((resource_dir("rules") / "clean").glob("*.txt")):
        yield path.read_text(encoding="utf-8")


def public_documents(groups: Iterable[str]) -> Iterator[str]:
    """Yield the documents labelled proactive in groups of the attribute corpus."""
    for group in groups:
        for path in sorted((resource_dir("models") / "attribute" / "corpus" / group).glob("*.txt")):
            text = path.read_text(encoding="utf-8")
            if _PUBLIC.match(text):
                yield text.partition("---\n")[2]


def quiet_texts(root: Path, groups: Iterable[str], without: Container[str] = ()) -> Iterator[str]:
    """Yield texts without limits on circulation; `groups` are those of the attribute corpus to use.

    Everyday pages of the authors `without` are left out.
    """
    yield from clean_texts()
    yield from public_documents(groups)
    yield from everyday_documents(root)
    yield from (text for author, text in everyday_pages(root) if author not in without)


def everyday_pages(root: Path) -> Iterator[tuple[str, str]]:
    """Yield (author, page) of `tests/quality/everyday.jsonl`: harmless pages of offices, schools, shops."""
    for line in (root / "tests" / "quality" / "everyday.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["author"], row["text"]


def everyday_documents(root: Path) -> Iterator[str]:
    """Yield labelled documents on personal data without limits; the other groups are reserved for evaluation."""
    for group in _EVERYDAY:
        for document in read_labelled(root / "tests" / "quality" / "personal" / group):
            if not _INNER.search(document.text):
                yield document.text
