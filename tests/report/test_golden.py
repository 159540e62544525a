"""Every writer against a golden file (`--update-golden` writes them), and what holds for all of them."""

from __future__ import annotations

from pathlib import Path

import built
import pytest
from planted import CANARIES, result
from written import everything, shown, written

from prescan import report
from prescan.errors import PrescanError
from prescan.report.rows import VALUES_SHOWN

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
