"""What `scan` does once its options are known: scan every input, show progress, write the report."""

from __future__ import annotations

import itertools
import os
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from prescan import report
from prescan.cli.inputs import STDIN, Input, expand
from prescan.errors import PrescanError
from prescan.report.shown import printable, shown_name
from prescan.scanner import Scanner, default_jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from prescan.types import ScanResult, Settings


def scan_inputs(paths: Sequence[str], settings: Settings) -> list[ScanResult]:
    """Return the results of everything `paths` name, in order. Raises what Scanner raises."""
    inputs = list(expand(paths))
    jobs = min(default_jobs(settings), len(inputs))
    with Scanner(settings, workers=jobs) as scanner, _progress(len(inputs)) as advance:
        for warning in scanner.warnings:
            click.echo(f"提醒：{warning}", err=True)
        results = []
        for item, result in zip(inputs, _scanned(scanner, inputs, jobs), strict=True):
            advance(item.name)
            results.append(result)
    return results


def _scanned(scanner: Scanner, inputs: Sequence[Input], jobs: int) -> Iterator[ScanResult]:
    with ThreadPoolExecutor(jobs) as pool:
        waiting = deque(pool.submit(_scan_one, scanner, item) for item in inputs)
        try:
            while waiting:
                yield waiting.popleft().result()
        finally:  # after an interrupt or a bad rule the rest is not scanned
            pool.shutdown(wait=False, cancel_futures=True)


def _scan_one(scanner: Scanner, item: Input) -> ScanResult:
    if item.code:
        return scanner.unreadable(item.name, item.code)
    if item.path == STDIN:
        return scanner.scan_bytes(sys.stdin.buffer.read(), name="标准输入")
    return scanner.scan_file(item.path, name=item.name)


def check_output(output: str, paths: Sequence[str]) -> None:
    """Check where the report will go before anything is scanned. Raises PrescanError."""
    target = Path(output)
    if target.exists() and any(Path(path).exists() and target.samefile(path) for path in paths if path != STDIN):
        raise PrescanError(f"{target} 就是要扫描的文件，报告请写到别处")
    if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
        raise PrescanError(f"无法写入 {target}，请检查路径和权限")


def write_results(
    results: Sequence[ScanResult], format_name: str, output: str | None, *, show_values: bool, with_text: bool
) -> None:
    """Write the report to `output` or stdout; formats of one document each go into a folder."""
    terminal = output is None and sys.stdout.isatty()
    options = report.Options(
        show_values=show_values,
        with_text=with_text,
        width=_columns() if terminal else None,
        color=terminal and "NO_COLOR" not in os.environ,
    )
    if output is None:
        sys.stdout.flush()
        report.write(results, format_name, _Printed(), options)  # type: ignore[arg-type]  # only write() is used
        sys.stdout.flush()
    elif format_name == "record" and len(results) > 1:
        for path, result in zip(_record_paths(Path(output), results, options), results, strict=True):
            with _private(path) as stream:
                report.write([result], format_name, stream, options)
    else:
        with _private(Path(output)) as stream:
            report.write(results, format_name, stream, options)


def _record_paths(folder: Path, results: Sequence[ScanResult], options: report.Options) -> Iterator[Path]:
    """Yield where each record goes: named as its document is shown, numbered where two would share a name."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise PrescanError(f"无法建立文件夹 {folder}，请检查路径和权限") from None
    taken: set[str] = set()
    for result in results:
        stem = Path(printable(shown_name(result.document.name, options, result))).stem.replace("*", "x") or "文本"
        name = next(name for n in itertools.count(1) if (name := f"{stem}{f'-{n}' if n > 1 else ''}") not in taken)
        taken.add(name)
        yield folder / f"{name}-审查记录.docx"


class _Printed:
    """stdout as a binary stream whose bytes are UTF-8 where it is a pipe, and printed as text on a console."""

    def write(self, data: bytes) -> int:
        """Write bytes of UTF-8 text."""
        if sys.stdout.isatty():
            sys.stdout.write(data.decode("utf-8", "replace"))
        else:
            sys.stdout.buffer.write(data)
        return len(data)


def _private(path: Path) -> IO[bytes]:
    """Open a report for writing, readable by its owner only. Raises PrescanError with the next step."""
    try:
        stream = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        path.chmod(0o600)  # a file that was there keeps its mode otherwise
    except OSError:
        raise PrescanError(f"无法写入 {path}，请检查路径和权限") from None
    return stream


def _columns() -> int:
    return os.get_terminal_size(sys.stdout.fileno()).columns


def _progress(total: int) -> AbstractContextManager[Callable[[str], Any]]:
    """Return a context that gives a function to call after each input; shown only on a terminal."""
    if not sys.stderr.isatty():
        return nullcontext(lambda _name: None)
    return _shown_progress(total)


def _shown_progress(total: int) -> AbstractContextManager[Callable[[str], Any]]:
    from contextlib import contextmanager  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415  only for a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    @contextmanager
    def shown() -> Iterator[Callable[[str], Any]]:
        columns = (TextColumn("扫描"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("", total=total)
            yield lambda name: progress.update(task, advance=1, description=shown_name(name, report.Options()))

    return shown()
