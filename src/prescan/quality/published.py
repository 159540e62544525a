"""Counts false alarms on rightly published documents: `python -m prescan.quality.published FOLDER [--gate]`.

Every file below the folder is assumed to be rightly published: every finding against it is a false alarm, and 不予公开
is a wrong suggestion. Real documents stay outside the repository.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prescan.scanner import Scanner
from prescan.types import PERSONAL_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prescan.types import ScanResult

_GATE: Final = "--gate"
#: Of 60 documents, so many must be suggested proactive or abstain, and so many must not abstain.
_FITTING, _SETTLED, _OF = 57, 45, 60
#: At most one finding at review per so many documents.
_DOCUMENTS_A_REVIEW: Final = 10


@dataclass
class Count:
    """The counts over public documents."""

    documents: int = 0
    unread: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    """Findings at block and review; personal data (offices' own contacts among them) is counted as "personal"."""
    suggested: Counter[str] = field(default_factory=Counter)
    abstained: int = 0
    fitting: int = 0
    """Suggested proactive, or abstained."""
    withheld: int = 0
    """Suggested withheld without abstaining."""
    lines: list[str] = field(default_factory=list)
    """A line per finding or wrong suggestion."""

    def failures(self) -> list[str]:
        """Return the requirements that are not met, as Chinese sentences."""
        needed = (
            (self.levels["block"] == 0, "有阻断"),
            (self.levels["review"] * _DOCUMENTS_A_REVIEW <= self.documents, "复核多于每十件一处"),
            (self.fitting * _OF >= self.documents * _FITTING, "建议主动公开或不作判断的太少"),
            ((self.documents - self.abstained) * _OF >= self.documents * _SETTLED, "不作判断的太多"),
            (self.withheld == 0, "有建议不予公开的"),
        )
        return [sentence for holds, sentence in needed if not holds]


def count(results: Iterable[tuple[str, ScanResult]]) -> Count:
    """Return the counts of named results; an unreadable document counts as unread only."""
    total = Count()
    for name, result in results:
        if result.suggestion is None:
            total.unread += 1
            continue
        total.documents += 1
        for finding in result.findings:
            if finding.level == "note":
                continue
            total.levels["personal" if finding.category in PERSONAL_CATEGORIES else finding.level] += 1
            total.lines.append(f"{name}  {finding.level} {finding.rule_id}：{finding.masked}")
        guess = result.suggestion
        total.suggested[guess.attribute] += 1
        total.abstained += guess.abstained
        total.fitting += guess.abstained or guess.attribute == "proactive"
        if guess.attribute == "withheld" and not guess.abstained:
            total.withheld += 1
        if guess.attribute != "proactive":
            total.lines.append(f"{name}  建议 {guess.attribute}{'（不作判断）' if guess.abstained else ''}")
    return total


def main(arguments: Sequence[str]) -> int:
    """Print the figures and the false alarms; with --gate, return 1 if a requirement is not met."""
    places = [Path(one) for one in arguments if one != _GATE]
    paths = [path for place in places for path in sorted(place.rglob("*") if place.is_dir() else [place])]
    with Scanner() as scanner:
        total = count((path.name, scanner.scan_file(path)) for path in paths if path.is_file())
    print(*total.lines, sep="\n")
    if not total.documents:
        print("没有可读的文件，请核对文件夹")
        return 2
    levels = total.levels
    print(f"{total.documents} 件（另有 {total.unread} 件读不出）")
    print(f"  阻断 {levels['block']}  复核 {levels['review']}  个人信息（复核以上）{levels['personal']}")
    print(f"  建议 {dict(total.suggested)}")
    print(f"  主动公开或不作判断 {total.fitting}  不作判断 {total.abstained}  建议不予公开 {total.withheld}")
    failures = total.failures()
    print(*(f"不符：{failure}" for failure in failures), sep="\n")
    return 1 if failures and _GATE in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
