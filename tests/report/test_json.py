"""json and jsonl: after the schema that ships with the package, masked unless asked."""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from invented import PLEA, PROACTIVE
from planted import CANARIES, IN_TEXT, result

import prescan
from prescan.resources import data_path
from prescan.types import Suppression

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.[dhpt]*"))
SCHEMA = json.loads(data_path("prescan-1.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
OPTIONS = [{}, {"with_text": True}, {"show_values": True}, {"with_text": True, "show_values": True}]


def written(results, name: str = "json", **options: bool) -> str:
    """Return a report."""
    stream = io.BytesIO()
    prescan.write(results, name, stream, **options)
    return stream.getvalue().decode()


@pytest.fixture(scope="module")
def results(scanner) -> list[prescan.ScanResult]:
    """Return results of every shape: found, clear, silenced, conflicting, partly and wholly unread."""
    found = result(scanner)
    silenced = replace(found, findings=tuple(replace(f, suppressed=Suppression("已核", "李")) for f in found.findings))
    dated = replace(found.findings[0], suppressed=Suppression("已核", "李", found.today))
    return [
        *(found, silenced, replace(found, findings=(dated,))),
        scanner.scan_text(PROACTIVE),
        scanner.scan_text(f"{PLEA}\n（此件主动公开）\n"),
        scanner.scan_text(""),
        scanner.scan_file("没有.docx"),
        scanner.scan_bytes("关于印发通知的说明，请遵照执行。".encode() + b"\xff", name="a.txt"),
        *(scanner.scan_file(file) for file in EXAMPLES),
    ]


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: "+".join(options) or "default")
def test_every_report_follows_the_schema(results, options):
    for one in results:
        VALIDATOR.validate(json.loads(written(one, **options)))
    VALIDATOR.validate(json.loads(written(results, **options)))
    lines = written(results, "jsonl", **options).splitlines()
    assert len(lines) == len(results)
    for line in lines:
        VALIDATOR.validate(json.loads(line))


def test_one_result_is_its_object_and_several_are_a_list(results):
    assert json.loads(written(results[0]))["document"]["name"].endswith("申请表.docx")
    assert json.loads(written(results[:1])) == json.loads(written(results[0]))
    several = json.loads(written(results))
    assert (several["schema"], len(several["results"])) == ("prescan/1", len(results))
    assert several["results"] == [json.loads(line) for line in written(results, "jsonl").splitlines()]
    assert json.loads(written([])) == {"schema": "prescan/1", "results": []}


@pytest.mark.parametrize("name", ["json", "jsonl"])
@pytest.mark.parametrize("place", CANARIES)
def test_no_planted_value_is_in_the_default_report(results, name, place):
    assert CANARIES[place] not in written(results[:1], name)


def test_values_are_shown_only_on_request(results):
    shown = json.loads(written(results[0], show_values=True))
    values = {finding["value"] for finding in shown["findings"]}
    assert values >= {value for place, value in CANARIES.items() if place != "name"}
    assert IN_TEXT not in written(results[0])
    assert all("value" not in finding for finding in json.loads(written(results[0]))["findings"])


def test_the_text_is_shown_only_on_request(results):
    with_text = json.loads(written(results[0], with_text=True))["document"]
    assert with_text["text"] == results[0].document.text
    assert with_text["chars"] == len(results[0].document.text)
    assert "text" not in json.loads(written(results[0]))["document"]


def test_offsets_in_the_report_index_the_text_in_the_report(results):
    report = json.loads(written(results[0], with_text=True, show_values=True))
    text = report["document"]["text"]
    held = [finding for finding in report["findings"] if finding["start"] is not None]
    assert [text[finding["start"] : finding["end"]] for finding in held] == [finding["value"] for finding in held]


def test_the_verdict_and_the_probabilities_are_those_of_the_result(results):
    for one, shown in zip(results, json.loads(written(results))["results"], strict=True):
        assert (shown["verdict"], shown["clear"], shown["complete"]) == (one.verdict, one.clear, one.complete)
        if one.suggestion:
            assert sum(shown["suggestion"]["probabilities"].values()) == pytest.approx(1, abs=1e-3)
            assert shown["suggestion"]["declared"] == one.suggestion.declared
    assert any(one.suggestion for one in results)


def test_an_unknown_format_is_named(results):
    with pytest.raises(prescan.PrescanError, match="jsonl"):
        prescan.write(results, "yaml", io.BytesIO())


def test_a_name_that_is_not_utf8_is_escaped(scanner, tmp_path):
    path = os.fsencode(tmp_path) + b"/a\xff.txt"
    with open(path, "w", encoding="utf-8") as stream:  # noqa: PTH123  bytes
        stream.write("通知")
    shown = written(scanner.scan_file(os.fsdecode(path)), "jsonl")
    assert json.loads(shown)["document"]["name"] == "a\\xff.txt"
    assert "\\ud" not in shown


@pytest.mark.parametrize("char", ["\x1b", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u2028", "\ud800"])
def test_no_control_character_reaches_a_terminal_through_json(scanner, char):
    text = f"标题{char}通知\n身份证号：{char}{IN_TEXT}{char}"
    one = replace(scanner.scan_text(text), title=f"标题{char}")
    for name in ("json", "jsonl"):
        shown = written(one, name, with_text=True)
        assert not [held for held in shown if held == char]
        assert json.loads(shown)["document"]["chars"] == len(json.loads(shown)["document"]["text"])
