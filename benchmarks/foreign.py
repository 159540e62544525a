"""`make foreign DATA=folder`: how prescan fares with files nobody made for it.

Every file of a folder (test corpora of other programs are good ones) goes through a scanner and its worker, as in use.
Prints a table of statuses by format, the codes, time, memory, and the names of files that ended badly. With `-o` the
same is written as a page of the docs.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import os
import platform
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan import Scanner, Settings
from prescan.errors import READ_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SAMPLE_SECONDS: Final = 0.02
_RESET_PEAK: Final = "5"
#: Opened, and nothing is written in it: that is said, so the file counts as read.
_WORDLESS: Final = frozenset({"no_text_layer", "empty"})
_BAD: Final = ("crashed", "timeout", "memory", "raised", "silent")
_GOALS: Final = {"pdf": 93, "docx": 95, "docm": 95, "xlsx": 91, "xlsm": 91}


class Row(NamedTuple):
    """How one file fared."""

    name: str
    kind: str
    """Its extension."""
    chars: int
    codes: tuple[str, ...]
    """Codes of what was not read; "raised" if the scanner itself failed, "silent" for nothing read and nothing said."""
    seconds: float
    child_mb: float
    """The highest resident memory of its worker while it was scanned."""
    parent_mb: float

    @property
    def status(self) -> str:
        """Return whole, part, wordless or lost."""
        if not self.codes:
            return "whole"
        if self.chars and not {"raised", "silent"} & set(self.codes):
            return "part"
        return "wordless" if set(self.codes) <= _WORDLESS else "lost"


class _Watch:
    """Notes the highest memory of this process's children, those that are killed included."""

    def __init__(self) -> None:
        self.peak = 0.0
        threading.Thread(target=self._run, daemon=True).start()

    def restart(self) -> None:
        """Begin anew for the next file."""
        self.peak = 0.0
        for child in _children():
            try:
                Path(f"/proc/{child}/clear_refs").write_text(_RESET_PEAK, encoding="ascii")
            except OSError:
                continue  # it has just ended

    def look(self) -> None:
        """Take in what the children use now."""
        self.peak = max((self.peak, *map(_peak_mb, _children())))

    def _run(self) -> None:
        while True:
            self.look()
            time.sleep(_SAMPLE_SECONDS)


class _Held:
    """What a process of this benchmark keeps between files."""

    scanner: Scanner
    watch: _Watch


def _start() -> None:
    _Held.scanner = Scanner(Settings(ocr="off"))  # reading is measured here; benchmarks/ocr.py measures recognition
    _Held.watch = _Watch()


def _scan(path: str, name: str) -> Row:
    """Scan one file as a caller would."""
    kind = Path(path).suffix.lower().lstrip(".")
    _Held.watch.restart()
    begin = time.perf_counter()
    raised: tuple[str, ...] = ("raised",)
    try:
        result = _Held.scanner.scan_file(path)
    except Exception as error:  # noqa: BLE001  the very thing this looks for
        print(name, type(error).__name__, file=sys.stderr)
        chars, codes = 0, raised
    else:
        chars = len(result.document.text.strip())
        codes = tuple(sorted({lost.code for lost in result.unread})) or (() if chars else ("silent",))
    seconds = time.perf_counter() - begin
    _Held.watch.look()
    return Row(name, kind, chars, codes, seconds, _Held.watch.peak, _peak_mb(os.getpid()))


def _children() -> Iterator[int]:
    for task in Path("/proc/self/task").iterdir():
        try:
            yield from map(int, (task / "children").read_text(encoding="ascii").split())
        except OSError:
            continue  # a thread that has just ended


def _peak_mb(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def rows(folder: Path, jobs: int) -> list[Row]:
    """Scan every file below a folder, `jobs` at a time, each with a scanner of its own."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [str(path.relative_to(folder)) for path in files]
    done = []
    with concurrent.futures.ProcessPoolExecutor(jobs, initializer=_start) as pool:
        for row in pool.map(_scan, map(str, files), names):
            done.append(row)
            if len(done) % 500 == 0:
                print(f"{len(done)}/{len(files)}", file=sys.stderr)
    return done


def report(done: list[Row], jobs: int) -> str:
    """Return the figures as Markdown."""
    return "\n".join([*_by_format(done), "", *_codes(done), "", *_cost(done, jobs), "", *_ended_badly(done), ""])


def _by_format(done: list[Row]) -> Iterator[str]:
    yield "| 后缀 | 文件 | 全部读出 | 部分读出 | 没有文字 | 未读 | 打开率 | 目标 |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    kinds = collections.Counter(row.kind for row in done)
    for kind, total in [*kinds.most_common(), ("合计", len(done))]:
        held = [row for row in done if kind in {row.kind, "合计"}]
        status = collections.Counter(row.status for row in held)
        rate = 100 * (total - status["lost"]) / total
        goal = f"≥ {_GOALS[kind]} %" if kind in _GOALS else ""
        counts = " | ".join(str(status[name]) for name in ("whole", "part", "wordless", "lost"))
        yield f"| {kind or '（无）'} | {total} | {counts} | {rate:.1f} % | {goal} |"


def _codes(done: list[Row]) -> Iterator[str]:
    counts = collections.Counter(code for row in done for code in row.codes)
    yield "| 代码 | 文件 |"
    yield "|---|---:|"
    for code in (*READ_CODES, "raised", "silent"):
        if counts[code] or code in _BAD:
            yield f"| {code} | {counts[code]} |"


def _cost(done: list[Row], jobs: int) -> Iterator[str]:
    seconds, child = [row.seconds for row in done], [row.child_mb for row in done]
    middle, high, most = statistics.median(seconds), _quantile(seconds, 0.99), max(seconds)
    yield f"- 每个文件（读取与扫描，{jobs} 个进程）：中位 {middle:.3f} 秒，p99 {high:.2f} 秒，最长 {most:.1f} 秒"
    middle, high = statistics.median(child), _quantile(child, 0.995)
    yield f"- 读取进程的内存：中位 {middle:.0f} MB，p99.5 {high:.0f} MB，最高 {max(child):.0f} MB"
    yield f"- 调用方的内存：最高 {max(row.parent_mb for row in done):.0f} MB"


def _ended_badly(done: list[Row]) -> Iterator[str]:
    for code in _BAD:
        names = [row.name for row in done if code in row.codes]
        yield f"- {code}：{len(names)} 个" + "".join(f"\n  - {name}" for name in names)


def _quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    """Read the arguments, scan, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rows", type=Path, help="write a line a file here, tab-separated")
    parser.add_argument("-o", "--out", type=Path, help="write the figures into this page, after its mark")
    chosen = parser.parse_args()
    done = rows(chosen.folder, chosen.jobs)
    if not done:
        parser.error("no files there")
    figures = report(done, chosen.jobs)
    print(figures)
    if chosen.rows:
        lines = [
            "\t".join((row.name, row.status, ",".join(row.codes), f"{row.seconds:.2f}", f"{row.child_mb:.0f}\n"))
            for row in done
        ]
        chosen.rows.write_text("".join(lines), encoding="utf-8")
    if chosen.out:
        mark = "<!-- figures -->\n"
        head = chosen.out.read_text(encoding="utf-8").partition(mark)[0]
        chosen.out.write_text(f"{head}{mark}Python {platform.python_version()}\n\n{figures}", encoding="utf-8")


if __name__ == "__main__":
    main()
