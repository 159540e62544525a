"""Tests rules with their own examples and with clean texts: `prescan rules test`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import regex

from prescan.detect import Clock, Compiled, Reading, detect
from prescan.detect.resolve import Identity, resolve
from prescan.formats.text import lines
from prescan.quality.slowness import TIMES_AT_MOST, patterns_of, slow
from prescan.quality.why import why
from prescan.resources import resource_dir
from prescan.rules import load_rules
from prescan.rules.kinds import Profile
from prescan.rules.profile import conflicts
from prescan.types import Block, Document, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prescan.rules import Rule
    from prescan.types import Candidate, Finding

_MARKED = regex.compile("«(.*?)»", regex.DOTALL)
_STAGE: Final = "draft"


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed example of a rule, or a false alarm in a clean text."""

    place: str
    sentence: str

    def __str__(self) -> str:
        """Return one line: the place (rule file and line, or clean text) and what is wrong."""
        return f"{self.place}  {self.sentence}"


def test_rules(rules: Sequence[Rule], compiled: Compiled) -> list[Failure]:
    """Return the failures of all rules' `find`, `pass` and `todo_find`."""
    return [failure for rule in rules for failure in _test_rule(rule, compiled)]


def test_clean(folder: Path, compiled: Compiled) -> list[Failure]:
    """Return the findings at block or review in the clean texts of `folder`."""
    return [
        Failure(path.name, f"{finding.level} {finding.rule_id}：{finding.masked}")
        for path in sorted(folder.glob("*.txt"))
        for finding in findings_in(path.read_text(encoding="utf-8"), compiled)
        if finding.level != "note"
    ]


def test_speed(rules: Sequence[Rule], folder: Path) -> list[Failure]:
    """Return the rules whose patterns are too slow, timed on the clean texts of `folder`."""
    filler = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    return [
        Failure(
            f"{Path(rule.file).name}:{rule.line} {rule.id}",
            f"模式过慢：看 100 kB 文字的时间是简单模式的 {taken:.0f} 倍，最多 {TIMES_AT_MOST:.0f} 倍，请改写 {slowest}",
        )
        for rule, slowest, taken in slow(rules, filler)
    ]


def test_patterns(rules: Sequence[Rule]) -> list[Failure]:
    """Return the invalid patterns: those of the shipped packs are not compiled when the packs are loaded."""
    failures = []
    for rule in rules:
        for name, pattern in patterns_of(rule):
            try:
                regex.compile(pattern)
            except regex.error as error:
                failures.append(Failure(f"{Path(rule.file).name}:{rule.line} {rule.id}", f"{name} 写错了：{error}"))
    return failures


def findings_in(text: str, compiled: Compiled) -> list[Finding]:
    """Return the findings of the rules in a text, without attribute model and judging."""
    reading = reading_of(text)
    return resolve(detect(reading, compiled, _STAGE), reading, compiled.rules, Identity(b"", ""))


def _test_rule(rule: Rule, compiled: Compiled) -> Iterator[Failure]:
    place = f"{Path(rule.file).name}:{rule.line} {rule.id}"
    for example in rule.find:
        text, expected = without_marks(example)
        found = _candidates(text, rule, compiled)
        if not found:
            yield Failure(place, f"应命中而没有：{_shown(example)}，{_why_not(text, rule, compiled)}")
        for span in expected:
            if found and span not in {(item.start, item.end) for item in found}:
                got = "、".join(f"“{text[item.start : item.end]}”" for item in found)
                yield Failure(place, f"位置不对：{_shown(example)}，得到 {got}")
    for example in rule.passes:
        if found := _candidates(example, rule, compiled):
            yield Failure(place, f"不应命中：{_shown(example)}（“{example[found[0].start : found[0].end]}”）")
    for example in rule.todo_find:
        if _candidates(without_marks(example)[0], rule, compiled):
            yield Failure(place, f"已能命中，请从 todo_find 移到 find：{_shown(example)}")


def _why_not(text: str, rule: Rule, compiled: Compiled) -> str:
    """Return why a rule does not apply to a text."""
    answer = why(rule, _reading(text, rule), compiled, rule.stage[0] if rule.stage else _STAGE)[0]
    return answer.sentence.removeprefix("没有命中：")


def _candidates(text: str, rule: Rule, compiled: Compiled) -> list[Candidate]:
    reading = _reading(text, rule)
    clock = Clock(rule.tested_on, published_on=rule.tested_published) if rule.tested_on else None
    stage = rule.stage[0] if rule.stage else _STAGE
    return [item for item in detect(reading, compiled, stage, clock) if item.rule_id == rule.id]


def _reading(text: str, rule: Rule) -> Reading:
    return _reading_of_name(text) if rule.scope == ("filename",) else reading_of(text)


def reading_of(text: str) -> Reading:
    """Return the Reading of a plain text."""
    return Reading.of(Document.of("", "text/plain", None, lines(text)))


def _reading_of_name(name: str) -> Reading:
    """Return the Reading of a file name."""
    return Reading.of(Document("", None, None, (Block(name, Location(part="filename"), sep=""),)))


def without_marks(example: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the example without «» and the spans they marked."""
    pieces: list[str] = []
    spans, at, length = [], 0, 0
    for match in _MARKED.finditer(example):
        before = example[at : match.start()]
        length += len(before)
        spans.append((length, length + len(match[1])))
        length += len(match[1])
        pieces += [before, match[1]]
        at = match.end()
    return "".join(pieces) + example[at:], spans


def _shown(example: str) -> str:
    return repr(example if len(example) <= 60 else example[:57] + "…")  # noqa: PLR2004


def _added(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules that no shipped pack has, or has otherwise."""
    shipped = {rule.id: rule for rule in load_rules().rules}
    return [rule for rule in rules if shipped.get(rule.id) != rule]


def main(extra: Iterable[str] = ()) -> int:
    """Print a line per failure and a summary; return the exit code. Invalid patterns end the test at once.

    With packs at `extra` only what these add or change is compiled and timed, as the patterns of the shipped rules are
    the same as ever; the examples of all rules are tested, as rules act on each other.
    """
    extra = tuple(extra)
    base = load_rules(extra)
    new = _added(base.rules) if extra else base.rules
    if broken := test_patterns(new):
        print(*broken, sep="\n")
        return 1
    # the examples are for the legal periods, not the office's own
    compiled = Compiled(replace(base, profile=Profile()))
    folder = resource_dir("rules") / "clean"
    failures = [*test_rules(base.rules, compiled), *test_clean(folder, compiled), *test_speed(new, folder)]
    for failure in failures:
        print(failure)
    examples = sum(len(rule.find) + len(rule.passes) + len(rule.todo_find) for rule in base.rules)
    for conflict in conflicts(base.profile):
        print(conflict)
    clean = len(list(folder.glob("*.txt")))
    own = sum(not Path(rule.file).is_relative_to(resource_dir("rules")) for rule in base.rules)
    own_count = f"（其中本单位 {own} 条）" if own else ""
    print(f"{len(base.rules)} 条规则{own_count}，{examples} 个例子，{clean} 份清白文本：{len(failures)} 处不符")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
