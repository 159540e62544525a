"""Rule kind `place`: hidden and left-over places of a file, each one finding, whatever stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prescan.types import Candidate, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.detect.compiled import Compiled
    from prescan.detect.reading import Reading


def find_places(reading: Reading, compiled: Compiled) -> Iterator[Candidate]:
    """Yield a candidate for each hidden place: blocks in a row with the same kind and the same words for it."""
    rules = {kind: rule for rule in compiled.of_kind("place") for kind in rule.hidden}
    document = reading.document
    place: tuple[str, str] | None = None
    located = Location()
    begin = end = 0
    for block, start in (*zip(document.blocks, document.starts, strict=True), (None, 0)):
        now = (block.hidden, block.note) if block and block.hidden in rules else None
        if place and now != place:
            rule, (kind, note) = rules[place[0]], place
            yield Candidate(
                rule_id=rule.id,
                type=kind,
                start=begin if end > begin else None,
                end=end if end > begin else None,
                confidence="certain",
                evidence=(note,) if note else (),
                level=rule.level,
                location=located,
            )
        if block and now and now != place:
            begin, located = start, block.location
        if block and now:
            end = start + len(block.text)
        place = now
