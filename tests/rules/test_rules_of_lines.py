"""What rules say of the lines of a text file they say of the paragraphs of a document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prescan.detect.compiled import Compiled
from prescan.detect.reading import Reading
from prescan.quality import selftest
from prescan.resources import resource_dir
from prescan.rules import load_rules
from prescan.types import Block, Document, Location


def of_paragraphs(text: str) -> Reading:
    """Return a text as a document shows it: each line is a paragraph of its own, at the same offsets."""
    lines = [Block(line, Location("body", paragraph=number)) for number, line in enumerate(text.split("\n"), 1)]
    return Reading.of(Document.of("", "text/plain", None, [*lines[:-1], replace(lines[-1], sep="")]))


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Compiled:
    monkeypatch.setattr(selftest, "reading_of", of_paragraphs)
    return Compiled(load_rules())


def test_the_examples_hold_as_paragraphs(compiled: Compiled) -> None:
    assert "\u2029" in of_paragraphs("甲\n乙").text
    assert [str(one) for one in selftest.test_rules(load_rules().rules, compiled)] == []


def test_clean_texts_are_quiet_as_paragraphs(compiled: Compiled) -> None:
    assert [str(one) for one in selftest.test_clean(resource_dir("rules") / "clean", compiled)] == []
