"""`prescan audit`: scans published pages and annexes repeatedly and tracks their rectification."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import click

from prescan.cli.audit_look import run, verify
from prescan.cli.auditing import FAIL_ON, PLAN, STORE, opened, write_report
from prescan.cli.chinese import Command, Group
from prescan.cli.exit_codes import FOUND, OK, UNREAD
from prescan.cli.options import CONFIG
from prescan.errors import PrescanError
from prescan.types import LEVEL_LABELS, LEVELS

_REFUSED_SHOWN: Final = 20
_FORMATS: Final = ("html", "jsonl", "csv", "xlsx", "sarif", "docx", "yearly", "parquet")
_BINARY: Final = frozenset({"html", "xlsx", "docx", "parquet"})


@click.group(cls=Group)
def audit() -> None:
    """存量排查：扫描已公开的页面和附件，列出立即处理的，跟踪整改。"""


audit.add_command(run)
audit.add_command(verify)


@audit.command(cls=Command)
@STORE
@click.option("--format", "format_name", type=click.Choice(_FORMATS), default="html", help="格式，默认 html（文件夹）")
@click.option("-o", "--output", metavar="文件", help="写到哪里；html 是文件夹，默认 audit-report")
@PLAN
@CONFIG
def report(store: str, format_name: str, output: str | None, plan: str | None, config: str | None) -> int:
    """由审计库生成报告：html 报告、整改台账 xlsx、通报 docx、年报统计 yearly，或 jsonl、csv、sarif、parquet。"""
    from prescan.audit import results  # noqa: PLC0415  --help must not wait
    from prescan.audit.plan import load_plan  # noqa: PLC0415
    from prescan.audit.report import site  # noqa: PLC0415
    from prescan.cli.output import check_output  # noqa: PLC0415

    loaded_plan = load_plan(plan)
    with opened(store, config) as (opened_store, key, _):
        if format_name == "html":
            folder = Path(output or "audit-report")
            site.write(opened_store, folder, loaded_plan)
            click.echo(f"已写入 {folder / 'index.html'}", err=True)
        elif output is None:
            if format_name in _BINARY:
                raise PrescanError(f"{format_name} 是二进制格式，请用 -o 指定写到哪里")
            sys.stdout.flush()
            results.FORMATS[format_name][0](opened_store, sys.stdout.buffer, key, loaded_plan)
            sys.stdout.flush()
        else:
            check_output(output, [store])
            results.write_file(opened_store, format_name, Path(output), key, loaded_plan)
    return OK


@audit.command(cls=Command)
@STORE
@click.option("--list", "listed", is_flag=True, help="逐条列出新增、复现和已整改的")
@FAIL_ON
@CONFIG
def diff(store: str, fail_on: str, config: str | None, *, listed: bool) -> int:
    """与上次相比：新增、仍在、复现、已整改各多少。有达到级别的新增或复现时退出码为 1；没有但有未读时为 3。"""
    from prescan.audit import doubts, statistics, tracks  # noqa: PLC0415

    with opened(store, config) as (opened_store, _, _):
        last = statistics.last_batch(opened_store)
        batch = int(last["id"])
        figures = statistics.headline(opened_store, batch)
        states = "，".join(f"{label} {figures[state]}" for state, label in tracks.STATES.items())
        unfinished = "" if last["finished"] else "，尚未完成"
        click.echo(f"第 {batch} 次（{last['today']}{unfinished}）与此前相比：{states}；未读 {figures['unread']}。")
        fresh = False
        for doubt in doubts.rows(opened_store, batch, closed=True):
            at_level = fail_on != "never" and doubt.level in LEVELS[: LEVELS.index(fail_on) + 1]
            fresh = fresh or (doubt.state in {"new", "back"} and at_level)
            if listed and doubt.state != "still":
                name = f"{doubt.title}　{doubt.shown}" if doubt.title else doubt.shown
                label = statistics.label(doubt.type)
                click.echo(
                    f"  {tracks.STATES[doubt.state]}  {LEVEL_LABELS[doubt.level]}  {label} {doubt.number} 处  {name}"
                )
        return FOUND if fresh else UNREAD if figures["unread"] else OK


@audit.command(cls=Command)
@click.argument("ledgers", nargs=-1, required=True, metavar="台账.xlsx…")
@STORE
@CONFIG
def decide(ledgers: tuple[str, ...], store: str, config: str | None) -> int:
    """导入单位填好的整改台账：人工判断、整改结果、缓存清理情况。有不能导入的行时退出码为 1。"""
    from prescan.audit import ledger_back  # noqa: PLC0415
    from prescan.errors import ReadError  # noqa: PLC0415
    from prescan.scanner import Scanner  # noqa: PLC0415

    refused = 0
    with opened(store, config) as (opened_store, key, settings), Scanner(settings) as scanner:
        for path in ledgers:
            document = ledger_back.read(Path(path), scanner)
            try:
                outcome = ledger_back.take(opened_store, document, key, scanner.today)
            except ReadError as error:
                raise PrescanError(f"{path}：{error.detail}") from None
            empty = f"，没有填写的 {outcome.empty} 行（合并的单元格只算第一行）" if outcome.empty else ""
            click.echo(f"{path}：导入 {outcome.lines} 行{empty}", err=True)
            for line in outcome.refused[:_REFUSED_SHOWN]:
                click.echo(f"  未导入  {line}", err=True)
            refused += len(outcome.refused)
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

    on_terminal = sys.stderr.isatty()

    def step(counts: dict[str, Any]) -> None:
        if on_terminal and "pages" in counts:
            click.echo(f"\r\x1b[K已抓 {counts['pages']} 页，未变化 {counts['unchanged']}", err=True, nl=False)

    done = fetch(Order(starts, output, hosts, **options), step)
    lead = "\r\x1b[K" if on_terminal else ""
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
@STORE
@click.option("--out", required=True, metavar="文件夹", help="报告、台账等写到这里")
@PLAN
@FAIL_ON
@click.option("--baseline", multiple=True, metavar="文件", help="已有的处置，用于 Spark 结果；各片在 run 时给出")
@CONFIG
def merge(parts: tuple[str, ...], store: str, out: str, **options: Any) -> int:  # noqa: ANN401
    """合并：各片各自的审计库（--shard），或 Spark 作业的结果文件夹，合成一个库、一份报告。

    缺一片、规则或设置不同、没有做完的不合并；中断后用同样的命令接着做。退出码同 run。
    """
    from prescan.audit import merge as merging  # noqa: PLC0415
    from prescan.audit.plan import load_plan  # noqa: PLC0415

    loaded_plan = load_plan(options["plan"])
    settings_options = {"baseline": options["baseline"] or None}
    with opened(store, options["config"], create=True, stage="published", **settings_options) as (
        opened_store,
        key,
        settings,
    ):
        outcome = merging.merge(opened_store, [Path(part) for part in parts], key, loaded_plan, settings)
        for why in dict.fromkeys(outcome.broken):
            click.echo(f"提醒：{why}；其中没有看到的页面不算作已撤下", err=True)
        twice = f"，另有 {outcome.twice} 件几份里都有，只算一次" if outcome.twice else ""
        click.echo(f"合并 {len(parts)} 份，{outcome.items} 件{twice}。", err=True)
        return write_report(opened_store, outcome.batch, Path(out), key, loaded_plan, options["fail_on"])
