"""Every writer against a golden file (`--update-golden` writes them), and what holds for all of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import built
import pytest
from planted import CANARIES, result
from written import everything, shown, written

from prescan import report
from prescan.errors import PrescanError
from prescan.report.rows import VALUES_SHOWN
from prescan.types import Block, Document, Location

GOLDEN = Path(__file__).parent / "golden"
#: A marked copy is made of a file, see test_marked.py.
WRITERS = [name for name in report.WRITERS if name != "marked"]
#: What says that values are shown; sarif never shows any, json has the key `value` after its schema.
#: Letters and forms are about a document.
NEEDS_RESULT = {"record", "consultation", "coordination", "referral", "forms"}
SAYS_SO = [name for name in WRITERS if name not in {"sarif", "json", "jsonl"}]


@pytest.mark.parametrize("name", WRITERS)
def test_a_report_is_as_it_was(name, request):
    text = shown(written(built.every(), name, decisions=built.decisions(), with_text=name == "html"), name)
    path = GOLDEN / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_results_give_the_same_bytes(name):
    assert written(built.every(), name) == written(built.every(), name)


@pytest.mark.parametrize("with_text", [False, True])
@pytest.mark.parametrize("name", [name for name in WRITERS if name not in {"json", "jsonl"}])
def test_no_value_is_in_a_default_report(name, with_text):
    text = everything(written(built.found(), name, with_text=with_text, decisions=built.decisions()))
    assert [value for value in built.VALUES if value in text] == []


@pytest.mark.parametrize("name", WRITERS)
def test_no_planted_value_is_in_a_default_report(scanner, name):
    text = everything(written(result(scanner), name))
    assert [place for place, value in CANARIES.items() if value in text] == []


@pytest.mark.parametrize("name", WRITERS)
def test_names_in_the_properties_of_a_file_are_not_shown(name):
    author, unit, both = "作者：刘晓梅", "主管：青禾县民政局", f"最后修改者：王建国 {built.MOBILE}"
    properties = [Block(text, Location(part="metadata"), hidden="metadata") for text in (author, unit, both)]
    document = Document("通知.txt", "text/plain", "0" * 64, (Block("关于植树的通知"), *properties))
    start = document.text.index(built.MOBILE)
    spans = [("metadata", "hidden_content", document.text.index("作者"), len(document.text), "")]
    spans.append(("mobile_phone", "personal", start, start + len(built.MOBILE), "138****8003"))
    first = built.found().findings[0]
    findings = tuple(
        replace(
            first, type=type_, category=category, start=low, end=high, masked=masked, location=properties[0].location
        )
        for type_, category, low, high, masked in spans
    )
    one = replace(built.clear(), document=document, findings=findings, verdict="review")
    text = everything(written(one, name, with_text=name == "html"))
    assert [value for value in ("晓梅", "建国", built.MOBILE) if value in text] == []
    if name in {"plain", "xlsx", "html"}:
        assert "作者：刘*" in text
        assert "主管：青禾县民政局" in text
        assert "最后修改者：王*" in text


@pytest.mark.parametrize("name", SAYS_SO)
def test_a_report_with_values_says_so_in_its_head(name):
    text = shown(written(built.found(), name, show_values=True), name)
    assert VALUES_SHOWN in text[: len(text) // 2]
    assert VALUES_SHOWN not in shown(written(built.found(), name), name)


@pytest.mark.parametrize("name", WRITERS)
def test_no_result_is_no_crash(name):
    if name in NEEDS_RESULT:
        with pytest.raises(PrescanError, match="没有可写的结果"):
            written([], name)
    else:
        assert bool(written([], name)) is (name != "jsonl")
