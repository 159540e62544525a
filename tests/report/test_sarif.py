"""sarif: what the standard asks for, levels, silenced findings, unread files, no values."""

from __future__ import annotations

import json
import os
from pathlib import Path

import built
import jsonschema
import pytest
from invented import RESIDENT_ID
from planted import CANARIES, result
from written import written

#: Of SARIF 2.1.0 (OASIS, sections 3.13 to 3.52), in our own words, what is required of the objects we write.
_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_FILE = {
    "type": "object",
    "properties": {"uri": {"type": "string", "format": "uri-reference"}, "index": {"minimum": 0}},
}
_PLACE = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": _FILE,
                "region": {"additionalProperties": {"type": "integer", "minimum": 0}, "required": ["startLine"]},
            },
        }
    },
}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
SUBSET = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "uniqueItems": True,
                                        "items": {
                                            "required": ["id", "shortDescription", "help"],
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": _TEXT,
                                                "help": _TEXT,
                                                "defaultConfiguration": {"properties": {"level": _LEVEL}},
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {
                        "items": {
                            "required": ["executionSuccessful"],
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {
                                    "items": {
                                        "required": ["message"],
                                        "properties": {
                                            "level": _LEVEL,
                                            "message": _TEXT,
                                            "descriptor": {"required": ["id"]},
                                            "locations": {"items": _PLACE, "uniqueItems": True},
                                        },
                                    }
                                },
                            },
                        }
                    },
                    "artifacts": {
                        "uniqueItems": True,
                        "items": {
                            "properties": {
                                "location": _FILE,
                                "mimeType": {"pattern": "[^/]+/.+"},
                                "hashes": {"additionalProperties": {"type": "string"}},
                            }
                        },
                    },
                    "results": {
                        "items": {
                            "required": ["message", "ruleId", "locations", "partialFingerprints"],
                            "properties": {
                                "message": _TEXT,
                                "level": _LEVEL,
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "locations": {"items": _PLACE},
                                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                                "suppressions": {
                                    "uniqueItems": True,
                                    "items": {
                                        "required": ["kind"],
                                        "properties": {
                                            "kind": {"enum": ["inSource", "external"]},
                                            "status": {"enum": ["accepted", "underReview", "rejected"]},
                                        },
                                    },
                                },
                            },
                        }
                    },
                },
            },
        },
    },
}
OFFICIAL = os.environ.get("SARIF_SCHEMA", "")


def run(results, **options) -> dict:
    """Return the only run."""
    (only,) = json.loads(written(results, "sarif", **options))["runs"]
    return only


@pytest.mark.parametrize("results", [[], [built.clear()], built.every()], ids=["none", "clear", "every"])
def test_a_report_is_sarif(results):
    report = json.loads(written(results, "sarif"))
    jsonschema.Draft202012Validator(SUBSET, format_checker=jsonschema.FormatChecker()).validate(report)


@pytest.mark.skipif(not OFFICIAL, reason="SARIF_SCHEMA names no copy of sarif-schema-2.1.0.json")
def test_a_report_follows_the_official_schema(scanner):
    schema = json.loads(Path(OFFICIAL).read_text(encoding="utf-8"))
    for results in ([], built.every(), [result(scanner), scanner.scan_text(f"身份证号：{RESIDENT_ID}")]):
        jsonschema.Draft7Validator(schema).validate(json.loads(written(results, "sarif")))


def test_levels_rules_and_fingerprints_are_those_of_the_findings():
    found = built.found()
    only = run(found)
    levels = {"block": "error", "review": "warning", "note": "note"}
    rules = only["tool"]["driver"]["rules"]
    assert [one["level"] for one in only["results"]] == [levels[one.level] for one in found.findings]
    assert [rules[one["ruleIndex"]]["id"] for one in only["results"]] == [one.rule_id for one in found.findings]
    ids = [list(one["partialFingerprints"].values()) for one in only["results"]]
    assert ids == [[one.id] for one in found.findings]


def test_a_rule_says_what_its_clauses_say():
    helps = {rule["id"]: rule["help"]["text"] for rule in run(built.found())["tool"]["driver"]["rules"]}
    assert "条例 第十五条：" in helps["PII-002"]
    assert "商业秘密" in helps["PII-002"]
    assert helps["PII-002"].startswith("整列删除")


def test_a_silenced_finding_is_there_with_its_reason():
    silenced = [one for one in run(built.found())["results"] if "suppressions" in one]
    assert [one["ruleId"] for one in silenced] == ["PII-003"]
    assert silenced[0]["suppressions"][0]["justification"] == "已获授权同意"


def test_what_was_not_read_is_a_notification_and_no_success():
    (invocation,) = run(built.every())["invocations"]
    assert invocation["executionSuccessful"] is False
    told = [(one["descriptor"]["id"], one["level"]) for one in invocation["toolExecutionNotifications"]]
    assert told == [("encrypted", "error"), ("missing", "error")]
    assert run(built.clear())["invocations"][0]["executionSuccessful"] is True


def test_a_region_of_a_plain_text_is_where_the_value_stands(scanner):
    text = f"第一行\n  身份证号：{RESIDENT_ID}，\n"
    only = run(scanner.scan_bytes(text.encode(), name="a b#.txt"))
    region = next(one for one in only["results"] if one["properties"]["type"] == "resident_id")["locations"][0]
    held = region["physicalLocation"]["region"]
    line = text.splitlines()[held["startLine"] - 1]
    assert line[held["startColumn"] - 1 : held["endColumn"] - 1] == RESIDENT_ID
    assert text[held["charOffset"] :][: held["charLength"]] == RESIDENT_ID
    assert region["physicalLocation"]["artifactLocation"]["uri"] == "a%20b%23.txt"


@pytest.mark.parametrize("options", [{}, {"show_values": True}, {"with_text": True}], ids=["", "values", "text"])
def test_no_option_puts_a_value_into_it(scanner, options):
    text = written(result(scanner), "sarif", **options).decode()
    assert [place for place, value in CANARIES.items() if value in text] == []
