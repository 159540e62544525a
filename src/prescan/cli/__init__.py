"""The command line. Results go to stdout, progress and messages to stderr; exit codes: see `exit_code`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from prescan.cli.audit import audit
from prescan.cli.chinese import Command, Group, usage_message
from prescan.cli.evaluate import evaluate
from prescan.cli.exit_codes import COULD_NOT_RUN, FOUND, OK, UNREAD
from prescan.cli.options import CONFIG, RULES
from prescan.cli.redact import redact
from prescan.cli.rules import rules
from prescan.cli.serve import log, purge, serve
from prescan.cli.train import train
from prescan.decisions.ledger import FALSE_ALARM, SUPPRESSING
from prescan.errors import PrescanError
from prescan.report import WRITERS
from prescan.resources import __version__
from prescan.types import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from prescan.types import ScanResult


@click.group(cls=Group, invoke_without_command=False)
@click.version_option(__version__, message="prescan %(version)s", help="显示版本")
def app() -> None:
    """政府文件发布前审查：查个人信息、涉密与内部标志、隐藏内容，建议公开属性。"""


@app.command(cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="文件或文件夹…")
@click.option(
    "--format", "format_name", type=click.Choice(list(WRITERS)), help="输出格式，默认看 -o 的后缀，否则 plain"
)
@click.option("-o", "--output", metavar="文件", help="写入文件；marked、record 等一件一份的格式有多个输入时写入文件夹")
@click.option(
    "--fail-on", type=click.Choice([*LEVELS, "never"]), default="block", help="达到此级别退出码为 1，默认 block"
)
@click.option("--show-values", is_flag=True, help="显示明文（默认遮盖）")
@click.option("--with-text", is_flag=True, help="输出全文（json、jsonl、html）")
@click.option("--template", metavar="文件", help="本单位的审查表模板（docx，内有 {{标题}} 等字段），用于 record")
@click.option("--jobs", type=click.IntRange(1, 256), metavar="数", help="同时扫描几个文件")
@RULES
@click.option("--baseline", multiple=True, metavar="文件", help="已有的处置（decisions.json），其中认可的疑点不再计入")
@click.option("--root", metavar="文件夹", help="文件按在这里面的路径命名：单个文件与扫描整个文件夹时编号相同，处置相认")
@click.option("--write-baseline", metavar="文件", help="把本次疑点记为已认可，须同时给出 --reason")
@click.option("--only", multiple=True, metavar="规则", help="--write-baseline 只记这条规则的疑点，可多次给出")
@click.option("--reason", metavar="理由", help="认可的理由，写入 --write-baseline 的文件")
@click.option("--verdict", type=click.Choice(sorted(SUPPRESSING)), default=FALSE_ALARM, help="认可为何种处置，默认误报")
@CONFIG
@click.option("--stage", type=click.Choice(["draft", "published"]), help="草稿或已发布")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="按这一天计算期限")
def scan(paths: tuple[str, ...], format_name: str | None, output: str | None, fail_on: str, **options: Any) -> int:  # noqa: ANN401
    """扫描文件、文件夹，或用 - 从标准输入读取。

    退出码：0 未见疑点且读完；1 有达到级别的疑点；2 无法运行；3 无此级别的疑点但有未读内容（找不到的路径也算未读）。
    """
    from prescan.cli.baseline import NewBaseline, report_leftovers  # noqa: PLC0415  --help must not wait for numpy
    from prescan.cli.output import check_folder, check_output, format_for, report_written, write_report  # noqa: PLC0415
    from prescan.cli.run import scanning  # noqa: PLC0415
    from prescan.settings import effective_settings  # noqa: PLC0415

    format_name = format_for(format_name, output)
    if WRITERS[format_name].binary and output is None:
        raise PrescanError(f"{format_name} 是二进制格式，请用 -o 指定写到哪里")
    if output:
        check_folder(output, format_name, paths)
    settings = effective_settings(options["config"], _given(options)).settings
    new_baseline = NewBaseline.of(options["write_baseline"], options["reason"], options["verdict"], options["only"])
    for target in filter(None, (output, options["write_baseline"])):
        check_output(target, paths)
    with scanning(settings, paths, options["root"]) as (scanner, scanned):
        visibility = {name: options[name] for name in ("show_values", "with_text")}
        write_report(scanner, scanned, format_name, output, **visibility)
        report_leftovers(scanner, scanned)
    if output:
        report_written(output, scanned)
    if new_baseline:
        new_baseline.write(scanned)
    return exit_code([one.result for one in scanned], fail_on)


@app.command(cls=Command)
@CONFIG
def config(config: str | None) -> int:
    """显示每一项设置的值和来源，以及单位制度与现行法不一致的地方。"""
    from prescan.rules import load_rules  # noqa: PLC0415  as above
    from prescan.rules.profile import conflicts  # noqa: PLC0415
    from prescan.settings import effective_settings  # noqa: PLC0415  as above

    effective = effective_settings(config, {})
    for name, origin in effective.origins.items():
        value: Any = effective.settings
        for part in name.split("."):
            value = value[part] if isinstance(value, dict) else getattr(value, part)
        click.echo(f"{name} = {_shown(value)}    （{origin}）")
    for conflict in conflicts(load_rules(effective.settings.rules).profile):
        click.echo(conflict)
    return OK


for command in (audit, evaluate, log, purge, redact, rules, serve, train):
    app.add_command(command)


def exit_code(results: Iterable[ScanResult], fail_on: str) -> int:
    """Return the exit code over all inputs: FOUND › UNREAD › OK. Failures to run are exceptions."""
    results_list = list(results)
    if fail_on != "never" and any(result.has_level(fail_on) for result in results_list):
        return FOUND
    return OK if all(result.complete for result in results_list) else UNREAD


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit. Errors are reported on stderr as one Chinese sentence with the next step."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console with GBK encoding must not end the run
    try:
        code = app.main(args=None if arguments is None else list(arguments), prog_name="prescan", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = COULD_NOT_RUN
    except click.ClickException as error:
        click.echo(f"错误：{usage_message(error)}", err=True)
        code = COULD_NOT_RUN
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中止。", err=True)
        code = COULD_NOT_RUN
    except PrescanError as error:
        click.echo(f"错误：{error}", err=True)
        code = COULD_NOT_RUN
    except BrokenPipeError:
        sys.stderr.close()
        code = COULD_NOT_RUN
    except Exception as error:  # noqa: BLE001  reported by place only: message and traceback may hold values
        click.echo(f"错误：程序内部出错（{type(error).__name__}，{_where(error)}），请把这一行告诉维护人员", err=True)
        code = COULD_NOT_RUN
    sys.exit(code or OK)


def _where(error: BaseException) -> str:
    """Return the module and line where an error was raised."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return f"{at.tb_frame.f_globals.get('__name__', '?')}:{at.tb_lineno}" if at else "?"


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that are settings, with the names of Settings."""
    day: datetime | None = options["today"]
    return {
        "jobs": options["jobs"],
        "rules": options["rules"] or None,
        "baseline": options["baseline"] or None,
        "record_template": options["template"],
        "stage": options["stage"],
        "today": day.date() if day else None,
    }


def _shown(value: object) -> str:
    return "（未设）" if value in (None, (), {}) else str(value)
