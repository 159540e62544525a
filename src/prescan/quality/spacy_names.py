"""Compares a spaCy name model with ours: `python -m prescan.quality.spacy_names --shared PATH`.

A spaCy pipeline (characters as tokens, hashed embeddings, a window encoder, the transition-based entity recogniser) is
trained on the texts our labeller is trained on, with two entities, private and public people, and both are scored and
timed on the same labelled documents. For maintainers: it answers whether spaCy belongs into the run time
(docs/decisions/0009-spacy-is-an-offer.md); nothing of it ships.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prescan.detect import Compiled
from prescan.quality import name_corpus
from prescan.quality.name_card import measure_finder, names_in
from prescan.quality.name_corpus import PERSON, PRIVATE, PUBLIC, UNSURE, People
from prescan.quality.names import training_texts
from prescan.quality.personal import read_labelled
from prescan.resources import resource_dir
from prescan.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spacy.language import Language

    from prescan.quality.name_corpus import Sample

    Finder = Callable[[str], list[tuple[int, int]]]

_PIECE_AT_MOST: Final = 400
_BATCH_CHARS: Final = 4_000
_CONFIG: Final[dict[str, Any]] = {
    "nlp": {"lang": "zh", "pipeline": ["tok2vec", "ner"], "tokenizer": {"segmenter": "char"}},
    "components": {
        "tok2vec": {
            "factory": "tok2vec",
            "model": {
                "@architectures": "spacy.Tok2Vec.v2",
                "embed": {
                    "@architectures": "spacy.MultiHashEmbed.v2",
                    "width": 96,
                    "attrs": ["NORM", "SHAPE"],
                    "rows": [5000, 500],
                    "include_static_vectors": False,
                },
                "encode": {
                    "@architectures": "spacy.MaxoutWindowEncoder.v2",
                    "width": 96,
                    "depth": 4,
                    "window_size": 1,
                    "maxout_pieces": 3,
                },
            },
        },
        "ner": {
            "factory": "ner",
            "model": {
                "@architectures": "spacy.TransitionBasedParser.v2",
                "state_type": "ner",
                "extra_state_tokens": False,
                "hidden_width": 64,
                "maxout_pieces": 2,
                "use_upper": True,
                "tok2vec": {"@architectures": "spacy.Tok2VecListener.v1", "width": 96},
            },
        },
    },
}


def pieces(samples: Sequence[Sample]) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Return the training texts, cut at line ends into pieces, with their names.

    Texts with names of unknown role are left out, because spaCy would take an unlabelled name for no name.
    """
    cut_texts = []
    for sample in samples:
        if any(mark.role in {PERSON, UNSURE} for mark in sample.marks):
            continue
        for start, end in _cuts(sample.text):
            inside = [
                (mark.start - start, mark.end - start, mark.role)
                for mark in sample.marks
                if start <= mark.start and mark.end <= end
            ]
            cut_texts.append((sample.text[start:end], inside))
    return cut_texts


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of as many whole lines as fit into a piece."""
    start = end = 0
    for line in text.splitlines(keepends=True):
        if end > start and end + len(line) - start > _PIECE_AT_MOST:
            yield start, end
            start = end
        end += len(line)
    if end > start:
        yield start, end


def train(data: list[tuple[str, list[tuple[int, int, str]]]], epochs: int) -> Language:
    """Train a spaCy pipeline on `data`; the same data gives the same pipeline."""
    import spacy  # noqa: PLC0415  1.2 s; only this command needs it
    from spacy.training import Example  # noqa: PLC0415
    from thinc.util import fix_random_seed  # noqa: PLC0415  spaCy's own

    fix_random_seed(0)
    nlp = spacy.util.load_model_from_config(_CONFIG, auto_fill=True)
    examples = []
    for text, marks in data:
        doc = nlp.make_doc(text)
        spans = [doc.char_span(start, end, label) for start, end, label in marks]
        reference = doc.copy()
        reference.set_ents([span for span in spans if span is not None])
        examples.append(Example(doc, reference))
    optimizer = nlp.initialize(lambda: examples[:2_000])
    chance = random.Random(0)  # noqa: S311  not a secret
    for epoch in range(epochs):
        chance.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in _batches(examples):
            nlp.update(batch, sgd=optimizer, drop=0.1, losses=losses)
        print(f"epoch {epoch + 1}: loss {losses['ner']:.0f}", file=sys.stderr, flush=True)
    return nlp


def _batches(examples: list[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    size = 0
    for example in examples:
        batch.append(example)
        size += len(example.text)
        if size >= _BATCH_CHARS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def finder(nlp: Language) -> Finder:
    """Return a function that finds private people's names with the pipeline."""

    def find(text: str) -> list[tuple[int, int]]:
        found = []
        for start, end in _cuts(text):
            people = [entity for entity in nlp(text[start:end]).ents if entity.label_ == PRIVATE]
            found += [(start + entity.start_char, start + entity.end_char) for entity in people]
        return found

    return find


def compare(folders: Sequence[Path], finders: dict[str, Finder]) -> None:
    """Print a row for each finder and folder: precision, recall, F1, public names flagged, speed."""
    print("| 文稿 | 模型 | 精确率 | 召回率 | F1 | 误报的公职姓名 | kB/s |\n| --- | --- | --- | --- | --- | --- | --- |")
    for folder in folders:
        texts = [document.text for document in read_labelled(folder)]
        size = sum(len(text.encode()) for text in texts)
        for name, find in finders.items():
            measured = measure_finder(folder, find)
            start = time.process_time()
            for text in texts:
                find(text)
            speed = size / 1e3 / (time.process_time() - start)
            row = (f"{measured.precision:.3f}", f"{measured.recall:.3f}", f"{measured.f1:.3f}")
            public = f"{measured.public_flagged}/{measured.public}"
            print(f"| {folder.name} | {name} | {' | '.join(row)} | {public} | {speed:.0f} |")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the spaCy pipeline and print the comparison."""
    home = resource_dir("models") / "names"
    parser = argparse.ArgumentParser(
        prog="python -m prescan.quality.spacy_names", description="spaCy 与自带姓名模型对比"
    )
    parser.add_argument("--shared", type=Path, required=True, help="训练用的公共语料和用字表所在目录")
    parser.add_argument("--corpus", type=Path, default=home / "corpus", help="例句和标注")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument(
        "--documents", type=Path, nargs="+", default=[Path("tests/quality/personal") / g for g in "fgh"]
    )
    parser.add_argument("--keep", type=Path, help="把训练好的流水线存到这个目录")
    options = parser.parse_args(arguments)
    compiled = Compiled(load_rules())
    people = People(name_corpus.read_given(options.shared / "data/gazetteer/given_name_chars.tsv"))
    data = pieces(training_texts(options.corpus, options.shared, people))
    marked = sum(role in {PRIVATE, PUBLIC} for _, marks in data for *_, role in marks)
    print(f"{len(data)} texts, {sum(len(text) for text, _ in data)} characters, {marked} names", file=sys.stderr)
    nlp = train(data, options.epochs)
    if options.keep:
        nlp.to_disk(options.keep)
    compare(options.documents, {"自带": lambda text: names_in(text, compiled), "spaCy": finder(nlp)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
