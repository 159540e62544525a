"""Measures how well findings other than personal data are distinguished from harmless uses of the same words.

`tests/quality/secrecy/*.jsonl` has a labelled passage per line: id, split (dev, held), label (find, quiet), family,
level, genre, text. `find` passages contain something a reviewer must see; `quiet` ones only mention such things (their
family, if any, says what they resemble, and is not scored). Errors on held-out passages are never printed.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prescan.quality.personal import below_floor
from prescan.scanner import Scanner
from prescan.types import PERSONAL_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from prescan.types import Finding

#: Family of a passage → the right categories of findings.
FAMILIES: Final[dict[str, frozenset[str]]] = {
    "mark": frozenset({"state_secret"}),
    "internal": frozenset({"work_secret"}),
    "work_secret": frozenset({"work_secret"}),
    "secret_content": frozenset({"state_secret"}),
    "process": frozenset({"process"}),
    "affairs": frozenset({"process"}),
    "case": frozenset({"law_enforcement"}),
    "trade": frozenset({"trade_secret"}),
    "safety": frozenset({"safety"}),
    "misuse": frozenset({"attribute"}),
}
#: Families recognised by a mark on the page; the others by content.
MARKS: Final = frozenset({"mark", "internal", "work_secret"})
#: Authors also label headings such as 内部资料 as marks; only marks at level block are marks of state secrets.
_INTERNAL: Final = frozenset({"work_secret"})
_NONE: Final[frozenset[str]] = frozenset()
_LEVELS: Final = frozenset({"block", "review"})
_HELD: Final = "held"
_QUIET: Final = "quiet"
#: Name of the floors of all held-out files together.
JOINED: Final = "held together"


@dataclass(frozen=True, slots=True)
class Passage:
    """A labelled passage."""

    id: str
    split: str
    label: str
    family: str
    level: str | None
    genre: str
    text: str = field(repr=False)


@dataclass
class Tally:
    """The counts of an evaluation."""

    all: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    """Passages by family with a finding of the right category at block or review."""
    blocked: Counter[str] = field(default_factory=Counter)
    alerts: Counter[str] = field(default_factory=Counter)
    """Passages by label with any finding at block or review."""
    errors: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        """Return the figures that have floors; higher is better."""
        contextual = [family for family in FAMILIES if family not in MARKS]
        right, false = self.alerts["find"], self.alerts["quiet"]
        missed = sum(self.all[family] for family in FAMILIES) - right
        return {
            "recall marks": self._recall(MARKS),
            "recall contextual": self._recall(contextual),
            "block marks": self.blocked["mark"] / max(1, self.all["mark at block"]),
            "quiet": 1 - false / max(1, self.all["quiet"]),
            "quiet without block": 1 - self.blocked["quiet"] / max(1, self.all["quiet"]),
            "f1 alert": 2 * right / max(1, 2 * right + false + missed),
        }

    def _recall(self, families: Iterable[str]) -> float:
        families = list(families)
        return sum(self.found[one] for one in families) / max(1, sum(self.all[one] for one in families))


def joined(tallies: Iterable[Tally]) -> Tally:
    """Return the counts of several files together; their errors are left out."""
    together = Tally()
    for tally in tallies:
        for counts, more in (
            (together.all, tally.all),
            (together.found, tally.found),
            (together.blocked, tally.blocked),
            (together.alerts, tally.alerts),
        ):
            counts.update(more)
    return together


def read_passages(path: Path) -> list[Passage]:
    """Return the passages of a jsonl file. Raises ValueError for a family that is not known."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    passages = [Passage(**row | ({"family": _QUIET} if row["label"] == _QUIET else {})) for row in rows]
    unknown = {passage.family for passage in passages if passage.label == "find"} - set(FAMILIES)
    if unknown:
        raise ValueError(f"unknown families: {sorted(unknown)}")
    return passages


def evaluate(passages: Iterable[Passage], scanner: Scanner) -> Tally:
    """Scan the passages and return the counts; findings of personal data are ignored."""
    return counted(passages, lambda text: scanner.scan_text(text).findings)


def counted(passages: Iterable[Passage], find: Callable[[str], Iterable[Finding]]) -> Tally:
    """Return the counts of what `find` finds in the passages; findings of personal data are ignored."""
    tally = Tally()
    for passage in passages:
        found = [one for one in find(passage.text) if one.level in _LEVELS and one.category not in PERSONAL_CATEGORIES]
        _count(passage, found, tally)
    return tally


def _count(passage: Passage, found: Sequence[Finding], tally: Tally) -> None:
    blocked = any(finding.level == "block" for finding in found)
    named = " ".join(f"{finding.rule_id}“{finding.masked}”" for finding in found)
    on_one_line = passage.text.replace("\n", "⏎").replace("\t", "⇥")
    tally.all[passage.family] += 1
    tally.alerts[passage.label] += bool(found)
    if passage.label == _QUIET:
        tally.blocked[_QUIET] += blocked
        if found:
            tally.errors.append(f"误 {passage.id} {passage.genre}：{named}  {on_one_line}")
        return
    if passage.level == "block":
        tally.all["mark at block"] += 1
        tally.blocked["mark"] += blocked
        if not blocked:
            tally.errors.append(f"未阻断 {passage.id} {passage.genre}：{named or '无'}  {on_one_line}")
    right = FAMILIES[passage.family] | (_INTERNAL if passage.family == "mark" and passage.level != "block" else _NONE)
    if any(finding.category in right for finding in found):
        tally.found[passage.family] += 1
    else:
        tally.errors.append(f"漏 {passage.id} {passage.family} {passage.genre}：{named or '无'}  {on_one_line}")


def main(paths: Sequence[str], floors: Path | None = None) -> int:
    """Print the figures of each file and of all together, and the errors of a file unless it is held out.

    Return 1 if a figure is below its floor; the floors of all together have the name `JOINED`.
    """
    limits = json.loads(floors.read_text(encoding="utf-8")) if floors else {}
    tallies = {}
    with Scanner() as scanner:
        for path in map(Path, paths):
            passages = read_passages(path)
            tallies[path.stem] = evaluate(passages, scanner)
            _show(path.stem, tallies[path.stem])
            if all(passage.split != _HELD for passage in passages):
                print(*tallies[path.stem].errors, sep="\n")
    if len(tallies) > 1:
        tallies[JOINED] = joined(tallies.values())
        _show(JOINED, tallies[JOINED])
    failed = [
        f"{name} {line}"
        for name, tally in tallies.items()
        for line in below_floor(tally.summary(), limits.get(name, {}))
    ]
    print(*(f"低于底线：{line}" for line in failed), sep="\n")
    return 1 if failed else 0


def _show(name: str, tally: Tally) -> None:
    print(f"{name}: {sum(tally.all[family] for family in (*FAMILIES, _QUIET))} passages")
    print("  " + "  ".join(f"{family} {tally.found[family]}/{tally.all[family]}" for family in FAMILIES))
    blocked = tally.blocked[_QUIET]
    print(f"  quiet flagged {tally.alerts[_QUIET]}/{tally.all[_QUIET]}, at block {blocked}")
    for title, value in tally.summary().items():
        print(f"  {title:22}{value:7.3f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
