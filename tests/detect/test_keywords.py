"""Both engines find the same words at the same places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescan.classify.features import cue_words
from prescan.detect.compiled import Compiled
from prescan.detect.name.spans import compound_surnames
from prescan.text import keywords
from prescan.text.keywords import Keywords
from prescan.text.view import fold, squeeze

if TYPE_CHECKING:
    from prescan import Scanner

ENGINES = ("ahocorasick", "regex")
LETTERS = "机密机绝★aA[]^-\\.*|{}()\n\t\u2029😀𠀀é \ufeff"
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=5) | st.text(min_size=1, max_size=3), max_size=12, unique=True)
TEXT = st.text(LETTERS, max_size=60) | st.text(st.characters(), max_size=60)


def hits(engine: str, words: list[str], text: str) -> list[tuple[int, int, int]]:
    """Return what one engine finds, in order."""
    with pytest.MonkeyPatch.context() as patch:
        if engine == "regex":
            patch.setattr(keywords, "ahocorasick_rs", None)
        made = Keywords(words)
        assert (made._automaton is None) == (engine == "regex" or not words)
        return sorted(made.find(text))


def by_hand(words: list[str], text: str) -> list[tuple[int, int, int]]:
    """Return every occurrence of every word, found one by one."""
    starts = ((number, word, at) for number, word in enumerate(words) for at in range(len(text)))
    return sorted((number, at, at + len(word)) for number, word, at in starts if text.startswith(word, at))


def test_the_fast_engine_is_installed_here() -> None:
    """Else the comparison below compares the fallback with itself."""
    assert keywords.ahocorasick_rs is not None


@pytest.mark.parametrize("engine", ENGINES)
@given(words=WORDS, text=TEXT, data=st.data())
@settings(max_examples=200, deadline=None)
def test_every_occurrence_is_found(engine: str, words: list[str], text: str, data: st.DataObject) -> None:
    """Overlapping ones and words inside words too, as code points, characters special to patterns included."""
    pieces = data.draw(st.lists(st.sampled_from(words), max_size=6)) if words else []
    text += "".join(pieces) + text
    assert hits(engine, words, text) == by_hand(words, text)


@pytest.mark.parametrize("engine", ENGINES)
def test_words_that_overlap(engine: str) -> None:
    """机密 in 机密级, 级机 across, a word twice."""
    words = ["机密", "机密级", "级机", "密"]
    assert hits(engine, words, "机密级机密") == by_hand(words, "机密级机密")
    assert len(by_hand(words, "机密级机密")) == 6


@pytest.mark.parametrize("engine", ENGINES)
def test_no_words_and_no_text(engine: str) -> None:
    """Nothing is found, nothing fails."""
    assert hits(engine, [], "机密") == []
    assert hits(engine, ["机密"], "") == []


@pytest.mark.parametrize("engine", ENGINES)
def test_more_first_letters_than_one_chunk_holds(engine: str) -> None:
    """The fallback works in chunks; words of all of them are found."""
    words = [chr(0x4E00 + step) + "甲" for step in range(3 * keywords._CHUNK // 2)]
    text = "".join(words)
    assert len(hits(engine, words, text)) == len(words)


def test_the_shipped_rules_read_the_same_with_either_engine(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings do not depend on the platform."""
    base = scanner._engine.rules
    text = "机密★10年\n临溪县人民政府文件\n关于解决资金的请示\n妥否，请批示。内部资料，不得外传。何某，身份证号。"
    monkeypatch.setattr(keywords, "ahocorasick_rs", None)
    other = Compiled(base.base)
    for view, shown in (("fold", fold(text)), ("squeeze", squeeze(fold(text)))):
        found = {rule: sorted(places) for rule, places in base.hits(view, shown).items()}
        assert found == {rule: sorted(places) for rule, places in other.hits(view, shown).items()}
        assert found
    assert base.labels.find(text) == other.labels.find(text)


def test_one_pass_finds_what_each_list_finds_alone(scanner: Scanner) -> None:
    """Labels, cues of names, surnames and the attribute's cues are looked for together with the words of the rules."""
    base = scanner._engine.rules
    text = "申请人：欧阳青禾，身份证号见附件；诸葛临溪系局长。妥否，请批示。" * 2
    lists: dict[str, list[keywords.Found]] = {}
    folded = fold(text)
    base.hits("fold", folded, lists=lists)
    base.hits("squeeze", squeeze(folded), lists=lists)
    for name, words, shown in (
        ("labels", base.labels.words, folded.text),
        ("surnames", compound_surnames(), folded.text),
        ("attribute cues", cue_words(), squeeze(folded).text),
    ):
        assert lists[name] == list(Keywords(words).find(shown)) != []
    rule = base.of_kind("name")[0].id
    assert base.cues[rule].find(folded.text, lists[rule]) == base.cues[rule].find(folded.text) != []
