"""`prescan audit`: what is already published is looked at, again and again, and its rectification followed."""

from __future__ import annotations

import functools
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from prescan.cli.chinese import Command, Group
from prescan.errors import PrescanError
from prescan.types import LEVEL_LABELS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from prescan.audit.batches import Order
    from prescan.audit.plan import Plan
    from prescan.audit.run import Counts
    from prescan.audit.store import Store
    from prescan.types import Settings

OK: Final = 0
FOUND: Final = 1
UNREAD: Final = 3
_REDRAWN: Final = 0.5
_HOUR: Final = 60
_REFUSED_SHOWN: Final = 20
_FORMATS: Final = ("html", "jsonl", "csv", "xlsx", "sarif", "docx", "yearly", "parquet")
_BINARY: Final = frozenset({"html", "xlsx", "docx", "parquet"})


@click.group(cls=Group)
def audit() -> None:
    """存量排查：扫描已公开的页面和附件，列出立即处理的，跟踪整改。"""


_STORE: Final = click.option("--store", required=True, metavar="文件", help="审计库（audit.sqlite），接着上次做")
_CONFIG: Final = click.option("--config", metavar="文件", help="设置文件，默认向上找 prescan.toml")
_PLAN: Final = click.option("--plan", metavar="文件", help="审计方案：列名、留存期、责任人等，见 docs/audit.md")
_FAIL_ON: Final = click.option(
    "--fail-on", type=click.Choice([*LEVELS, "never"]), default="block", help="达到此级别退出码为 1，默认 block"
)


def _looking(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of `run` and `verify`."""
    options = (
        click.argument("sources", nargs=-1, required=True, metavar="来源…"),
        _STORE,
        click.option("--out", required=True, metavar="文件夹", help="报告、台账等写到这里"),
        click.option("--jobs", type=click.IntRange(1, 256), metavar="数", help="同时扫描几个文件"),
        click.option("--shard", metavar="i/n", help="只做第 i 片，共 n 片"),
        _PLAN,
        _FAIL_ON,
        click.option("--rules", multiple=True, metavar="路径", help="另加的规则文件或文件夹"),
        click.option("--baseline", multiple=True, metavar="文件", help="已有的处置（decisions.json）"),
        _CONFIG,
        click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="按这一天计算期限"),
    )
    for option in reversed(options):
        command = option(command)
    return command


@audit.command(cls=Command)
@_looking
def run(**options: Any) -> int:  # noqa: ANN401
    """扫描全部来源；中断后用同样的命令接着做，没有变化的内容不重复扫描。

    来源：文件夹、zip、tar、WARC、WACZ、csv、jsonl、Parquet 导出、路径清单。
    退出码同 scan：1 有达到级别的疑点，3 有未读，0 都没有，2 无法运行。
    """
    return _look("run", **options)


@audit.command(cls=Command)
@_looking
def verify(**options: Any) -> int:  # noqa: ANN401
    """复查：只看还有疑点的页面和附件，更新为已整改、仍在或复现。"""
    return _look("verify", **options)


@audit.command(cls=Command)
@_STORE
@click.option("--format", "format_name", type=click.Choice(_FORMATS), default="html", help="格式，默认 html（文件夹）")
@click.option("-o", "--output", metavar="文件", help="写到哪里；html 是文件夹，默认 audit-report")
@_PLAN
@_CONFIG
def report(store: str, format_name: str, output: str | None, plan: str | None, config: str | None) -> int:
    """由审计库生成报告：html 报告、整改台账 xlsx、通报 docx、年报统计 yearly，或 jsonl、csv、sarif、parquet。"""
    from prescan.audit import results  # noqa: PLC0415  --help must not wait
    from prescan.audit.plan import load_plan  # noqa: PLC0415
    from prescan.audit.report import site  # noqa: PLC0415
    from prescan.cli.output import check_output  # noqa: PLC0415

    known = load_plan(plan)
    with _opened(store, config) as (held, key, _):
        if format_name == "html":
            folder = Path(output or "audit-report")
            site.write(held, folder, known)
            click.echo(f"已写入 {folder / 'index.html'}", err=True)
        elif output is None:
            if format_name in _BINARY:
                raise PrescanError(f"{format_name} 是二进制格式，请用 -o 指定写到哪里")
            sys.stdout.flush()
            results.FORMATS[format_name][0](held, sys.stdout.buffer, key, known)
            sys.stdout.flush()
        else:
            check_output(output, [store])
            results.one(held, format_name, Path(output), key, known)
    return OK


@audit.command(cls=Command)
@_STORE
@click.option("--list", "listed", is_flag=True, help="逐条列出新增、复现和已整改的")
@_FAIL_ON
@_CONFIG
def diff(store: str, fail_on: str, config: str | None, *, listed: bool) -> int:
    """与上次相比：新增、仍在、复现、已整改各多少。有达到级别的新增或复现时退出码为 1。"""
    from prescan.audit import statistics, tracks  # noqa: PLC0415

    with _opened(store, config) as (held, _, _):
        last = statistics.last_batch(held)
        if last is None:
            raise PrescanError("审计库中还没有结果，请先运行 prescan audit run")
        batch = int(last["id"])
        figures = statistics.headline(held, batch)
        said = "，".join(f"{label} {figures[state]}" for state, label in tracks.STATES.items())
        click.echo(f"第 {batch} 次（{last['today']}）与此前相比：{said}；未读 {figures['unread']}。")
        fresh = False
        for doubt in statistics.doubts(held, batch, closed=True):
            at_level = fail_on != "never" and doubt.level in LEVELS[: LEVELS.index(fail_on) + 1]
            fresh = fresh or (doubt.state in {"new", "back"} and at_level)
            if listed and doubt.state != "still":
                named = f"{doubt.title}　{doubt.shown}" if doubt.title else doubt.shown
                label = statistics.label(doubt.type)
                click.echo(
                    f"  {tracks.STATES[doubt.state]}  {LEVEL_LABELS[doubt.level]}  {label} {doubt.number} 处  {named}"
                )
        return FOUND if fresh else UNREAD if figures["unread"] else OK


@audit.command(cls=Command)
@click.argument("ledgers", nargs=-1, required=True, metavar="台账.xlsx…")
@_STORE
@_CONFIG
def decide(ledgers: tuple[str, ...], store: str, config: str | None) -> int:
    """导入单位填好的整改台账：人工判断、整改结果、缓存清理情况。有不能导入的行时退出码为 1。"""
    from prescan.audit import ledger  # noqa: PLC0415
    from prescan.errors import ReadError  # noqa: PLC0415
    from prescan.scanner import Scanner  # noqa: PLC0415

    refused = 0
    with _opened(store, config) as (held, key, settings), Scanner(settings) as scanner:
        for path in ledgers:
            document = ledger.read(Path(path), scanner)
            try:
                taken = ledger.take(held, document, key, scanner.today)
            except ReadError as error:
                raise PrescanError(f"{path}：{error.detail}") from None
            click.echo(f"{path}：导入 {taken.lines} 行", err=True)
            for line in taken.refused[:_REFUSED_SHOWN]:
                click.echo(f"  未导入  {line}", err=True)
            refused += len(taken.refused)
    return FOUND if refused else OK


@audit.command(cls=Command)
@click.argument("starts", nargs=-1, required=True, metavar="网址…")
@click.option(
    "-o", "--output", required=True, metavar="文件", help="抓到哪里，以 .warc.gz 结尾；下次同样的命令只取有变化的"
)
@click.option("--host", "hosts", multiple=True, metavar="主机", help="另外可以抓取的主机（附件所在），可写多次")
@click.option("--prefix", default="/", metavar="路径", help="只抓这一路径下的页面，附件不限")
@click.option("--depth", default=20, type=click.IntRange(0, 1000), metavar="层", help="从起始网址起最多几层，默认 20")
@click.option("--pages", default=100_000, type=click.IntRange(1), metavar="数", help="最多请求多少次，默认 100000")
@click.option(
    "--delay", default=0.5, type=click.FloatRange(0, 60), metavar="秒", help="每台主机两次请求的间隔，默认 0.5"
)
def crawl(starts: tuple[str, ...], output: str, hosts: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401
    """抓取网站（网址或站点地图）为 WARC，供 audit run 扫描。只连接网址和 --host 写明的主机，遵守 robots.txt。

    这是唯一会联网的命令，要装 prescan[crawl]。退出码：0 都取到了，3 有没取到的，2 无法抓取。
    """
    from prescan.audit.crawl import Order  # noqa: PLC0415
    from prescan.audit.crawl import crawl as fetch  # noqa: PLC0415

    shown = sys.stderr.isatty()

    def step(said: dict[str, Any]) -> None:
        if shown and "pages" in said:
            click.echo(f"\r\x1b[K已抓 {said['pages']} 页，未变化 {said['unchanged']}", err=True, nl=False)

    done = fetch(Order(starts, output, hosts, **options), step)
    lead = "\r\x1b[K" if shown else ""
    click.echo(
        f"{lead}抓取 {done['pages']} 页，未变化 {done['unchanged']}，没有取到 {done['failed']}，"
        f"robots.txt 不允许 {done['forbidden']}，已不存在 {done['gone']}。写入 {output}",
        err=True,
    )
    if done["incomplete"]:
        click.echo(f"提醒：{done['incomplete']}，没有看全；没有抓到的页面不算作已撤下", err=True)
    return UNREAD if done["failed"] + done["forbidden"] or done["incomplete"] else OK


@audit.command(cls=Command)
@click.argument("parts", nargs=-1, required=True, metavar="库或结果…")
@_STORE
@click.option("--out", required=True, metavar="文件夹", help="报告、台账等写到这里")
@_PLAN
@_FAIL_ON
@click.option("--baseline", multiple=True, metavar="文件", help="已有的处置（decisions.json）")
@_CONFIG
def merge(parts: tuple[str, ...], store: str, out: str, **options: Any) -> int:  # noqa: ANN401
    """合并：各片各自的审计库（--shard），或 Spark 作业的结果文件夹，合成一个库、一份报告。

    缺一片、规则或设置不同、没有做完的不合并；中断后用同样的命令接着做。退出码同 run。
    """
    from prescan.audit import merge as merging  # noqa: PLC0415
    from prescan.audit.plan import load_plan  # noqa: PLC0415

    known = load_plan(options["plan"])
    given = {"baseline": options["baseline"] or None}
    with _opened(store, options["config"], create=True, stage="published", **given) as (held, key, settings):
        did = merging.merge(held, [Path(part) for part in parts], key, known, settings)
        for why in dict.fromkeys(did.broken):
            click.echo(f"提醒：{why}；其中没有看到的页面不算作已撤下", err=True)
        click.echo(f"合并 {len(parts)} 份，{did.items} 件。", err=True)
        return _report(held, did.batch, Path(out), key, known, options["fail_on"])


def _look(kind: str, **options: Any) -> int:  # noqa: ANN401
    from prescan.audit.batches import Order, unreported  # noqa: PLC0415
    from prescan.audit.plan import load_plan  # noqa: PLC0415
    from prescan.audit.run import Run  # noqa: PLC0415
    from prescan.scanner import default_jobs  # noqa: PLC0415

    known = load_plan(options["plan"])
    folder = Path(options["out"])
    _outside(options["sources"], folder, Path(options["store"]))
    given = {name: options[name] or None for name in ("jobs", "rules", "baseline")}
    day: datetime | None = options["today"]
    with _opened(
        options["store"], options["config"], create=True, stage="published", today=day.date() if day else None, **given
    ) as (store, key, settings):
        order = Order(
            options["sources"],
            settings,
            known,
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
            _say(work.counts)
        row = store.db.execute("SELECT finished FROM batches WHERE id = ?", (batch,)).fetchone()
        if not row["finished"]:
            click.echo("本片已完成；其余各片完成后生成报告。", err=True)
            return OK
        return _report(store, batch, folder, key, known, options["fail_on"])


def _report(store: Store, batch: int, folder: Path, key: bytes, plan: Plan, fail_on: str) -> int:  # noqa: PLR0913, PLR0917
    """Write the report of a finished batch, say its figures, return the exit code."""
    from prescan.audit import results, statistics  # noqa: PLC0415

    results.write(store, folder, key, plan)
    figures = statistics.headline(store, batch)
    click.echo(_summary(figures, folder))
    if left := statistics.not_cleared(store):
        click.echo(
            f"提醒：已撤下的有 {left} 件，请清理搜索引擎快照、镜像站和缓存，并在台账“缓存/搜索引擎清理”列登记", err=True
        )
    return _code(store, figures, fail_on)


def _outside(sources: tuple[str, ...], *written: Path) -> None:
    """Raise PrescanError if what is written would lie in a source: the next run would take it for a page."""
    for source in (Path(source).resolve() for source in sources):
        for path in written:
            if source.is_dir() and path.resolve().is_relative_to(source):
                raise PrescanError(f"{path} 在来源 {source} 里面，下次会被当作页面扫描，请写到别处")


def _summary(figures: dict[str, int], folder: Path) -> str:
    return (
        f"共 {figures['items']} 件（页面 {figures['pages']}，附件 {figures['annexes']}）："
        f"需立即下线 {figures['block']}，需复核 {figures['review']}，未读 {figures['unread']}。"
        f"疑点新增 {figures['new']} 条，仍在 {figures['still']} 条，复现 {figures['back']} 条，"
        f"已整改 {figures['fixed']} 条。报告：{folder / 'index.html'}"
    )


def _code(store: Store, figures: dict[str, int], fail_on: str) -> int:
    from prescan.audit import tracks  # noqa: PLC0415

    if fail_on != "never":
        levels = ", ".join(repr(level) for level in LEVELS[: LEVELS.index(fail_on) + 1])
        if store.value(f"SELECT 1 FROM tracks t WHERE t.level IN ({levels}) AND {tracks.OPEN} LIMIT 1"):  # noqa: S608
            return FOUND
        notes = (
            "SELECT 1 FROM findings f JOIN items i ON i.content = f.content AND i.gone IS NULL"
            " WHERE f.level = 'note' LIMIT 1"
        )
        if fail_on == "note" and store.value(notes):
            return FOUND
    return UNREAD if figures["unread"] else OK


@contextmanager
def _opened(
    path: str,
    config: str | None,
    *,
    create: bool = False,
    **options: Any,  # noqa: ANN401
) -> Iterator[tuple[Store, bytes, Settings]]:
    """Give an open store, the key and the settings. Raises PrescanError."""
    from prescan.audit.store import Store, plain_errors  # noqa: PLC0415
    from prescan.decisions import load_key  # noqa: PLC0415
    from prescan.settings import effective_settings  # noqa: PLC0415

    given = {name: value for name, value in options.items() if value is not None}
    settings = effective_settings(config, given).settings
    key, warning = load_key(settings.key_file)
    if warning:
        raise PrescanError(f"{warning}；审计要用同一把密钥，请在设置 key_file 中给出可读写的密钥文件")
    with Store(path, key, create=create) as store, plain_errors(path):
        yield store, key, settings


def _today(settings: Settings) -> date:
    from prescan.scanner.pipeline import today  # noqa: PLC0415

    return today(settings)


def _shard(text: str | None) -> tuple[int, int]:
    if text is None:
        return 1, 1
    number, slash, of = text.partition("/")
    if not slash or not number.isdigit() or not of.isdigit() or not 1 <= int(number) <= int(of):
        raise PrescanError("--shard 应写成 i/n，i 不大于 n，如 1/4")
    return int(number), int(of)


def _say(counts: Counts) -> None:
    for why in dict.fromkeys(counts.broken):
        click.echo(f"提醒：{why}；其中没有看到的页面不算作已撤下", err=True)
    click.echo(
        f"本次处理 {counts.items} 件：扫描 {counts.scanned}，未变化 {counts.reused}；来源中已不见 {counts.gone}。",
        err=True,
    )


@contextmanager
def _progress(order: Order, store: Store) -> Iterator[Callable[[Counts], None]]:
    """Give a function to call after each item; shown only on a terminal: how many, how fast, how long still."""
    if not sys.stderr.isatty():
        yield lambda _counts: None
        return
    from prescan.audit.batches import expected  # noqa: PLC0415

    state = {"drawn": 0.0, "begun": time.monotonic()}
    total = expected(store, order)
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
