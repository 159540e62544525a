"""Writes reports to a terminal, a pipe, a file (mode 0600), or a folder with a file per document."""

from __future__ import annotations

import io
import itertools
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from prescan import report
from prescan.cli.inputs import STDIN, expand
from prescan.errors import PrescanError
from prescan.report.plain import summary
from prescan.report.shown import printable, shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.cli.run import Scanned
    from prescan.scanner import Scanner
    from prescan.types import ScanResult


def format_for(name: str | None, output: str | None) -> str:
    """Return the format to write: `name`, else the one the suffix of `output` stands for, else plain.

    Raises PrescanError if they contradict each other, or the suffix leaves a choice.
    """
    suffix = Path(output).suffix.lower() if output else ""
    fitting = [one for one, writer in report.WRITERS.items() if suffix in writer.suffixes]
    if name is None:
        of_all = [one for one in fitting if not report.WRITERS[one].of_one]
        if fitting and not of_all:
            raise PrescanError(f"{suffix} 文件要用 --format 指明写哪一种：{'、'.join(fitting)}")
        return of_all[0] if of_all else "plain"
    if fitting and name not in fitting:
        own = "、".join(report.WRITERS[name].suffixes) or ".txt"
        raise PrescanError(f"{name} 不是 {suffix} 格式，请把 -o 的后缀改为 {own}，或改用 --format {fitting[0]}")
    return name


def check_folder(output: str, format_name: str, paths: Sequence[str]) -> None:
    """Raise PrescanError if several reports would go to a folder that is called like a file."""
    suffix = Path(output).suffix.lower()
    writer = report.WRITERS[format_name]
    if writer.of_one and suffix in writer.suffixes and len(list(itertools.islice(expand(paths), 2))) > 1:
        raise PrescanError(f"{format_name} 一件一份，有多个输入时 -o 是文件夹，请去掉后缀 {suffix}")


def check_output(output: str, paths: Sequence[str]) -> None:
    """Check, before anything is scanned, that the report can be written. Raises PrescanError."""
    target = Path(output)
    if target.exists() and any(Path(path).exists() and target.samefile(path) for path in paths if path != STDIN):
        raise PrescanError(f"{target} 就是要扫描的文件，报告请写到别处")
    if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
        raise PrescanError(f"无法写入 {target}，请检查路径和权限")


def write_report(  # noqa: PLR0913  two of them are options of the report
    scanner: Scanner,
    scanned: Sequence[Scanned],
    format_name: str,
    output: str | None,
    *,
    show_values: bool,
    with_text: bool,
) -> None:
    """Write the report to `output` or stdout; formats with a file per document go to a folder if there are several."""
    terminal = output is None and sys.stdout.isatty()
    options = report.Options(
        show_values=show_values,
        with_text=with_text,
        width=_columns() if terminal else None,
        color=terminal and "NO_COLOR" not in os.environ,
        decisions=scanner.decisions,
        template=scanner.settings.record_template,
        convert=scanner.convert,
    )
    results = [one.result for one in scanned]
    suffix = report.WRITERS[format_name].of_one
    if output is None:
        sys.stdout.flush()
        report.write(results, format_name, _Stdout(), options)  # type: ignore[arg-type]  # only write() is used
        sys.stdout.flush()
    elif suffix and len(scanned) > 1:
        paths = zip(_paths(Path(output), scanned, suffix, options), scanned, strict=True)
        failed = [error for path, one in paths if (error := _one_of_several(path, one, format_name, options))]
        if len(failed) == len(scanned):
            raise PrescanError(f"一个文件也没有写出：{failed[0]}")
    else:
        source = scanned[0].source if len(scanned) == 1 else None
        _write_file(Path(output), results, format_name, replace(options, source=source))


def report_written(output: str, scanned: Sequence[Scanned]) -> None:
    """Print on a terminal where the report was written, and its summary."""
    if sys.stderr.isatty():
        click.echo(f"已写入 {output}。{summary([one.result for one in scanned])}", err=True)


def _one_of_several(path: Path, one: Scanned, format_name: str, options: report.Options) -> PrescanError | None:
    """Write the report of one document; a failure is reported and returned, so that the others are still written."""
    try:
        _write_file(path, [one.result], format_name, replace(options, source=one.source))
    except PrescanError as error:
        click.echo(f"提醒：{path.name} 没有写出：{error}", err=True)
        return error
    return None


def _write_file(path: Path, results: Sequence[ScanResult], format_name: str, options: report.Options) -> None:
    """Write a report to a file; if it cannot be made, an existing file is not changed. Raises PrescanError."""
    if not report.WRITERS[format_name].binary:  # text formats never fail
        with private(path) as stream:
            report.write(results, format_name, stream, options)
        return
    buffer = io.BytesIO()
    report.write(results, format_name, buffer, options)
    with private(path) as stream:
        stream.write(buffer.getbuffer())


def _paths(folder: Path, scanned: Sequence[Scanned], suffix: str, options: report.Options) -> Iterator[Path]:
    """Yield the path of each report, named after the masked name of its document.

    Documents of the same name in different folders get the folder in front; what is still equal is numbered.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise PrescanError(f"无法建立文件夹 {folder}，请检查路径和权限") from None
    names = [Path(_masked(one.result.document.name, one, options)) for one in scanned]
    parents: dict[str, set[Path | None]] = {}
    for one, name in zip(scanned, names, strict=True):
        parents.setdefault(name.stem, set()).add(_parent(one))
    taken: set[str] = set()
    for one, document_name in zip(scanned, names, strict=True):
        stem, parent = document_name.stem or "文本", _parent(one)
        if parent and parent.name and len(parents[document_name.stem]) > 1:
            stem = f"{_masked(parent.name, one, options)}-{stem}"
        free = next(free for n in itertools.count(1) if (free := f"{stem}{f'-{n}' if n > 1 else ''}") not in taken)
        taken.add(free)
        yield folder / f"{free}{suffix if '.' in suffix else suffix + document_name.suffix}"


def _masked(name: str, one: Scanned, options: report.Options) -> str:
    return printable(shown_name(name, options, one.result)).replace("*", "x")


def _parent(one: Scanned) -> Path | None:
    """Return the folder a document was read from; None for standard input."""
    return Path(one.source).absolute().parent if isinstance(one.source, str) else None


class _Stdout:
    """stdout as a binary stream: bytes go to a pipe unchanged, and are printed as text on a terminal."""

    def write(self, data: bytes) -> int:
        """Write bytes of UTF-8 text."""
        if sys.stdout.isatty():
            sys.stdout.write(data.decode("utf-8", "replace"))
        else:
            sys.stdout.buffer.write(data)
        return len(data)


def private(path: Path) -> IO[bytes]:
    """Open a file for writing with mode 0600. Raises PrescanError."""
    try:
        stream = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        path.chmod(0o600)  # an existing file would keep its mode
    except OSError:
        raise PrescanError(f"无法写入 {path}，请检查路径和权限") from None
    return stream


def _columns() -> int:
    return os.get_terminal_size(sys.stdout.fileno()).columns
