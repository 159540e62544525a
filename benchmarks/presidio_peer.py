"""Presidio on the texts and for the types it is given; run by a Python that has presidio-analyzer, never by prescan's.

Standard input: {"numbers": [{"type", "regex", "cues"}], "texts": [...]}; standard output: one line of JSON with the CPU
seconds of each configuration. Presidio as an expert would set it up for China: a pattern recogniser for every kind of
number with its cue words as context, one for addresses, and people by jieba's part of speech. Its spaCy pipeline is
blank (characters as tokens), the cheapest there is: a trained one only costs more.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import sys
import time

import jieba
import jieba.posseg
import spacy
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import SpacyNlpEngine

_ADDRESS = (
    r"\p{Han}{2,20}(?:[路街巷道村组]\p{Han}{0,6})\d{1,4}号(?:\d{1,3}[栋幢号楼]{1,2})?(?:\d{1,2}单元)?(?:\d{2,4}室)?"
)


class BlankEngine(SpacyNlpEngine):
    """spaCy without a trained model."""

    def __init__(self) -> None:
        """Make characters the tokens."""
        super().__init__()
        self.nlp = {"zh": spacy.blank("zh")}


class People(EntityRecognizer):
    """Names of people by jieba's part of speech."""

    def load(self) -> None:
        """Load nothing: jieba loads itself."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: object) -> list[RecognizerResult]:  # noqa: ARG002
        """Return the words jieba calls names."""
        found, at = [], 0
        for pair in jieba.posseg.cut(text):
            if pair.flag.startswith("nr") and len(pair.word) > 1:
                found.append(RecognizerResult("person_name", at, at + len(pair.word), 0.6))
            at += len(pair.word)
        return found


def analyzer(numbers: list[dict[str, object]], *, names: bool) -> AnalyzerEngine:
    """Return Presidio configured for the types."""
    registry = RecognizerRegistry(supported_languages=["zh"])
    for number in [*numbers, {"type": "address", "regex": _ADDRESS, "cues": ["住址", "地址", "住"]}]:
        recognizer = PatternRecognizer(
            supported_entity=number["type"],
            patterns=[Pattern(str(number["type"]), number["regex"], 0.4)],
            context=number["cues"] or None,
            supported_language="zh",
        )
        registry.add_recognizer(recognizer)
    if names:
        registry.add_recognizer(People(["person_name"], supported_language="zh"))
    return AnalyzerEngine(registry=registry, nlp_engine=BlankEngine(), supported_languages=["zh"])


def main() -> None:
    """Print the seconds."""
    logging.disable(logging.WARNING)
    jieba.setLogLevel(logging.ERROR)
    given = json.load(sys.stdin)
    said: dict[str, object] = {"version": importlib.metadata.version("presidio-analyzer")}
    for name, names in (("numbers", False), ("names", True)):
        engine = analyzer(given["numbers"], names=names)
        engine.analyze(given["texts"][0], language="zh")  # to warm up
        start = time.process_time()
        said[f"{name} found"] = sum(len(engine.analyze(text, language="zh")) for text in given["texts"])
        said[name] = time.process_time() - start
    print(json.dumps(said))


if __name__ == "__main__":
    main()
