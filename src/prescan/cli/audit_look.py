"""`prescan audit run` and `verify`, with their progress."""

from __future__ import annotations

import functools
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from prescan.cli.auditing import FAIL_ON, PLAN, STORE, opened, write_report
from prescan.cli.chinese import Command
from prescan.cli.exit_codes import OK
from prescan.cli.options import CONFIG, RULES
from prescan.errors import PrescanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from prescan.audit.batches import Order
    from prescan.audit.run import Counts
    from prescan.audit.store import Store
    from prescan.types import Settings

_REDRAWN: Final = 0.5
_HOUR: Final = 60


def _run_options(command: Callable[..., int]) -> Callable[..., int]:
    """Decorate a command with the options of `run` and `verify`."""
    options = (
        click.argument("sources", nargs=-1, required=True, metavar="来源…"),
        STORE,
        click.option("--out", required=True, metavar="文件夹", help="报告、台账等写到这里"),
        click.option("--jobs", type=click.IntRange(1, 256), metavar="数", help="同时扫描几个文件"),
        click.option("--shard", metavar="i/n", help="只做第 i 片，共 n 片"),
        PLAN,
        FAIL_ON,
        RULES,
        click.option("--baseline", multiple=True, metavar="文件", help="已有的处置（decisions.json）"),
        CONFIG,
        click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="按这一天计算期限"),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command(cls=Command)
@_run_options
def run(**options: Any) -> int:  # noqa: ANN401
    """扫描全部来源；中断后用同样的命令接着做，没有变化的内容不重复扫描。

    来源：文件夹、zip、tar、WARC、WACZ、csv、jsonl、Parquet 导出、路径清单。
    退出码同 scan：1 有达到级别的疑点，3 有未读，0 都没有，2 无法运行。
    """
    return _run("run", **options)


@click.command(cls=Command)
@_run_options
def verify(**options: Any) -> int:  # noqa: ANN401
    """复查：只看还有疑点的页面和附件，更新为已整改、仍在或复现。"""
    return _run("verify", **options)


def _run(kind: str, **options: Any) -> int:  # noqa: ANN401
    from prescan.audit.batches import Order, unreported  # noqa: PLC0415
    from prescan.audit.plan import load_plan  # noqa: PLC0415
    from prescan.audit.run import Run  # noqa: PLC0415
    from prescan.scanner import default_jobs  # noqa: PLC0415

    loaded_plan = load_plan(options["plan"])
    folder = Path(options["out"])
    _outside(options["sources"], folder, Path(options["store"]))
    settings_options = {name: options[name] or None for name in ("jobs", "rules", "baseline")}
    day: datetime | None = options["today"]
    with opened(
        options["store"],
        options["config"],
        create=True,
        stage="published",
        today=day.date() if day else None,
        **settings_options,
    ) as (store, key, settings):
        order = Order(
            options["sources"],
            settings,
            loaded_plan,
            _today(settings),
            default_jobs(settings),
            _shard(options["shard"]),
            kind,
        )
        batch = unreported(store, order)
        if batch is None:
            with _progress(order, store) as step:
                work = Run(store, order, key, step)
                batch = work.work()
            _report_counts(work.counts)
        row = store.db.execute("SELECT finished FROM batches WHERE id = ?", (batch,)).fetchone()
        if not row["finished"]:
            click.echo(
                "本片已完成。几片写一个库的，最后一片完成时生成报告；各写各的库的，用 prescan audit merge 合并。",
                err=True,
            )
            return OK
        return write_report(store, batch, folder, key, loaded_plan, options["fail_on"])


def _today(settings: Settings) -> date:
    from prescan.scanner.day import today  # noqa: PLC0415

    return today(settings)


def _outside(sources: tuple[str, ...], *written: Path) -> None:
    """Raise PrescanError if an output lies inside a source, where the next run would take it for a page."""
    for source in (Path(source).resolve() for source in sources):
        for path in written:
            if source.is_dir() and path.resolve().is_relative_to(source):
                raise PrescanError(f"{path} 在来源 {source} 里面，下次会被当作页面扫描，请写到别处")


def _shard(text: str | None) -> tuple[int, int]:
    if text is None:
        return 1, 1
    number, slash, of = text.partition("/")
    if not slash or not number.isdigit() or not of.isdigit() or not 1 <= int(number) <= int(of):
        raise PrescanError("--shard 应写成 i/n，i 不大于 n，如 1/4")
    return int(number), int(of)


def _report_counts(counts: Counts) -> None:
    for why in counts.broken:
        click.echo(f"提醒：{why}；其中没有看到的页面不算作已撤下", err=True)
    click.echo(
        f"本次处理 {counts.items} 件：扫描 {counts.scanned}，未变化 {counts.reused}；来源中已不见 {counts.gone}。",
        err=True,
    )


@contextmanager
def _progress(order: Order, store: Store) -> Iterator[Callable[[Counts], None]]:
    """Yield a function to call after each item; on a terminal it shows number, speed and remaining time."""
    if not sys.stderr.isatty():
        yield lambda _counts: None
        return
    from prescan.audit.batches import expected_items  # noqa: PLC0415

    state = {"drawn": 0.0, "begun": time.monotonic()}
    total = expected_items(store, order)
    draw = functools.partial(_draw, state, total)
    try:
        yield draw
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)


def _draw(state: dict[str, float], total: int | None, counts: Counts) -> None:
    now = time.monotonic()
    if now - state["drawn"] < _REDRAWN:
        return
    state["drawn"] = now
    done, rate = counts.items + counts.done_before, counts.items / max(now - state["begun"], 0.001)
    left = f"，约剩 {_span((total - done) / rate)}" if total and rate and total > done else ""
    of = f"/{total}" if total else ""
    click.echo(f"\r\x1b[K已处理 {done}{of} 件，每秒 {rate:.0f} 件{left}", err=True, nl=False)


def _span(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes // 60} 小时 {minutes % 60} 分" if minutes >= _HOUR else f"{minutes} 分 {int(seconds % 60)} 秒"
