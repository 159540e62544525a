"""prescan in a spaCy pipeline: spans on tokens, exact offsets beside them, whatever the tokenizer."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest
import spacy
from spacy.tokens import Doc

import prescan.spacy_component  # an installed prescan is found by its entry point, see test_wheel

TEXT = """关于何望舒申请的答复
申请人何望舒（身份证号：110101190203140028）住清河省临溪县青禾镇柳树村三组12号。
肝硬化𠮷。"""
SEGMENTERS = {
    "char": {"segmenter": "char"},
    "jieba": {"segmenter": "jieba"},
}


def blank(segmenter: str) -> spacy.language.Language:
    nlp = (
        spacy.blank("zh", config={"nlp": {"tokenizer": SEGMENTERS[segmenter]}})
        if segmenter in SEGMENTERS
        else spacy.blank(segmenter)
    )
    nlp.add_pipe("prescan")
    return nlp


@pytest.fixture(scope="module", params=["char", "jieba", "en", "xx"])
def doc(request: pytest.FixtureRequest) -> Doc:
    """Return the text scanned in a pipeline with one of several tokenizers."""
    return blank(request.param)(TEXT)


def test_the_findings_are_those_of_the_scanner(doc: Doc, scanner: prescan.Scanner) -> None:
    expected = scanner.scan_text(doc.text)
    shown = doc._.prescan
    assert doc.text == TEXT
    assert shown["schema"] == "prescan/1"
    assert shown["verdict"] == expected.verdict == "blocked"
    assert [(f["id"], f["start"], f["end"], f["level"]) for f in shown["findings"]] == [
        (f.id, f.start, f.end, f.level) for f in expected.findings
    ]


def test_every_finding_with_a_place_is_a_span_of_whole_tokens(doc: Doc) -> None:
    placed = [f for f in doc._.prescan["findings"] if f["start"] is not None]
    spans = doc.spans["prescan"]
    assert {"resident_id", "address", "person_name"} <= {span.label_ for span in spans}
    assert [(span.label_, span.id_) for span in spans] == [(f["type"], f["id"]) for f in placed]
    for span, finding in zip(spans, placed, strict=True):
        assert span.start_char <= finding["start"] < finding["end"] <= span.end_char
        inner = [token for token in span if token.idx + len(token) > finding["start"] and token.idx < finding["end"]]
        assert len(inner) == len(span)  # widened no further than the tokens it touches


def test_characters_as_tokens_keep_the_exact_place() -> None:
    doc = blank("char")(TEXT)
    (span,) = [span for span in doc.spans["prescan"] if span.label_ == "resident_id"]
    assert span.text == "110101190203140028"


def test_no_value_is_in_what_the_component_adds(doc: Doc) -> None:
    assert "190203140028" not in repr(doc._.prescan)


def test_the_findings_survive_bytes(doc: Doc) -> None:
    again = Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert [(s.start_char, s.label_, s.id_) for s in again.spans["prescan"]] == [
        (s.start_char, s.label_, s.id_) for s in doc.spans["prescan"]
    ]
    assert again._.prescan == doc._.prescan


def test_a_clean_and_an_empty_text() -> None:
    nlp = blank("char")
    assert [len(doc.spans["prescan"]) for doc in nlp.pipe(["今天开会。", ""])] == [0, 0]
    assert nlp("")._.prescan["unread"][0]["code"] == "empty"


def test_a_pipeline_saved_and_loaded_scans_with_its_settings(tmp_path) -> None:
    (tmp_path / "prescan.toml").write_text("[masks]\nmobile_phone = '*'\n", encoding="utf-8")
    nlp = spacy.blank("zh")
    nlp.add_pipe("prescan", config={"settings": str(tmp_path / "prescan.toml"), "spans_key": "疑点"})
    nlp.to_disk(tmp_path / "model")
    doc = spacy.load(tmp_path / "model")("本人手机13800138000。")
    assert [span.label_ for span in doc.spans["疑点"]] == ["mobile_phone"]
    assert doc._.prescan["findings"][0]["masked"] == "*" * 11


def test_a_mistake_in_the_settings_is_told_when_the_pipe_is_added(tmp_path) -> None:
    with pytest.raises(prescan.SettingsError):
        spacy.blank("zh").add_pipe("prescan", config={"settings": str(tmp_path / "无.toml")})


def test_the_component_goes_to_other_processes() -> None:
    component = blank("char").get_pipe("prescan")
    again = pickle.loads(pickle.dumps(component))  # noqa: S301  as multiprocessing does
    assert again(Doc(spacy.vocab.Vocab(), ["13800138000"]))._.prescan["findings"]


def test_importing_prescan_imports_no_spacy() -> None:
    code = "import prescan, sys; prescan.Scanner; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
