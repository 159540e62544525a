"""Every kind of personal data that is known of: which type reports it, or why none does (`kinds.tsv`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import regex

from prescan.resources import finding_types
from prescan.rules import load_rules

if TYPE_CHECKING:
    from prescan import Scanner

PERSONAL = {"personal", "sensitive_personal"}


class Kind(NamedTuple):
    """A row of the table."""

    name: str
    type: str
    example: str
    reason: str = ""


def kinds() -> list[Kind]:
    """Return the rows of the table."""
    lines = Path(__file__).with_name("kinds.tsv").read_text(encoding="utf-8").splitlines()
    return [Kind(*line.split("\t")) for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_a_kind_is_found_as_its_type_or_stays_quiet(scanner: Scanner, kind: Kind) -> None:
    """A kind without a type has a reason, and its example says nothing beside the name of a person."""
    marked = regex.search("«(.+?)»", kind.example)
    text = regex.sub("[«»]", "", kind.example)
    found = [f for f in scanner.scan_text(text).findings if f.category in PERSONAL]
    if kind.type == "-":
        assert kind.reason
        assert not marked
        assert not [f.type for f in found if f.type != "person_name"]
    else:
        assert marked
        assert (kind.type, marked[1]) in [(f.type, text[f.start : f.end]) for f in found]


def test_no_type_is_silently_absent() -> None:
    """Every personal type has a rule, and but for masks an example here or in `said/`."""
    types = {name for name, row in finding_types().items() if row.category in PERSONAL}
    assert types <= {rule.type for rule in load_rules().rules}
    said = {path.stem for path in Path(__file__).with_name("said").glob("*.txt")}
    assert types - {kind.type for kind in kinds()} - said == {"weak_mask"}
