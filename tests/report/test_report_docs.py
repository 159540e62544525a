"""docs/reports.md names every format and every field an office may use in its own form."""

from __future__ import annotations

import re
from pathlib import Path

import built

from prescan import report
from prescan.report.record_fields import fields

DOCS = Path(__file__).parents[2] / "docs" / "reports.md"


def test_every_format_and_field_is_named_and_no_other():
    text = DOCS.read_text(encoding="utf-8")
    table = "".join(line for line in text.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([a-z]+)`", table)) - {"invocations", "suppressions"} == set(report.WRITERS)
    listed = re.search(r"可用的字段：\n\n(.*?)。", text, re.DOTALL)[1].replace("\n", "").replace("；由人定的：", "、")
    assert set(listed.split("、")) == set(fields(built.found(), report.Options()))
