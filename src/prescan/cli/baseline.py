"""Writes a baseline, and reports entries of baselines that had no effect."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from prescan.decisions import ledger
from prescan.errors import PrescanError
from prescan.report import Options
from prescan.report.shown import printable, shown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.cli.run import Scanned
    from prescan.scanner import Scanner
    from prescan.types import ScanResult

_LISTED_AT_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class NewBaseline:
    """A baseline to write: its path, and the decision for the findings of this run."""

    path: str
    decision: ledger.Decision
    only: frozenset[str]
    """Ids of the rules whose findings are accepted; empty = all."""

    @classmethod
    def of(cls, path: str | None, reason: str | None, verdict: str, only: Sequence[str] = ()) -> NewBaseline | None:
        """Return the baseline the options ask for, or None. Raises PrescanError if only some of them are given."""
        if path is None and reason is None:
            if only:
                raise PrescanError("--only 与 --write-baseline 同用：只认可这些规则的疑点")
            return None
        if path is None or not (reason or "").strip():
            raise PrescanError("--write-baseline 与 --reason 要一起给出，写明为什么认可这些疑点")
        decision = ledger.Decision(verdict, str(reason).strip(), by=os.environ.get("USER", ""))
        return cls(path, decision, frozenset(rule_id.upper() for rule_id in only))

    def write(self, scanned: Sequence[Scanned]) -> None:
        """Add the findings without a suppressing decision to the file. Raises SettingsError, PrescanError."""
        earlier = ledger.read(self.path) if Path(self.path).exists() else ()
        results = [one.result for one in scanned]
        for absent in sorted(self.only - {one.rule_id for result in results for one in result.findings}):
            click.echo(f"提醒：这次没有规则 {absent} 的疑点", err=True)
        documents = ledger.with_accepted(results, self.decision, stored_name, earlier, self.only)
        try:
            ledger.write(self.path, documents)
        except OSError:
            raise PrescanError(f"无法写入 {self.path}，请检查路径和权限") from None
        count = sum(len(document.findings) for document in documents)
        click.echo(f"已写入 {self.path}，共 {count} 条；下次扫描用 --baseline {self.path}", err=True)


def stored_name(result: ScanResult) -> str:
    """Return the masked name of a document, as it may be stored."""
    return printable(shown_name(result.document.name, Options(), result))


def report_leftovers(scanner: Scanner, scanned: Sequence[Scanned]) -> None:
    """Report on stderr the entries of baselines that suppressed nothing in this run."""
    leftovers = list(ledger.leftovers(scanner.decisions, [one.result for one in scanned], scanner.today, stored_name))
    for one in leftovers[:_LISTED_AT_MOST]:
        click.echo(f"提醒：处置 {one.finding_id}（{one.name}）{one.why}", err=True)
    if len(leftovers) > _LISTED_AT_MOST:
        click.echo(f"提醒：另有 {len(leftovers) - _LISTED_AT_MOST} 条处置到期或没有对应的疑点", err=True)
