"""Everyday pages that hold nothing: hardly any may be flagged, none at block.

The models of limits and levels learn from these pages: what pages of another author bring is counted in
`secrecy/held-*.jsonl`.
"""

import json
from pathlib import Path

PAGES = [json.loads(line) for line in Path(__file__).with_name("everyday.jsonl").read_text("utf-8").splitlines()]
PERSONAL = {"personal", "sensitive_personal"}
FLAGGED_AT_MOST = 0.03


def levels(page, scanner):
    found = scanner.scan_text(page["text"]).findings
    return {one.level for one in found if one.category not in PERSONAL}


def test_everyday_pages_are_quiet(scanner):
    told = [levels(page, scanner) for page in PAGES]
    assert len(told) >= 330
    assert sum("block" in held for held in told) == 0
    assert sum("review" in held for held in told) <= FLAGGED_AT_MOST * len(told)


def test_a_mark_on_an_everyday_page_is_told(scanner):
    page = {"text": f"机密★10年\n{PAGES[0]['text']}"}
    assert "block" in levels(page, scanner)
