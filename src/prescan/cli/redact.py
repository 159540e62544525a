"""`prescan redact`: writes a redacted copy of a file and lists what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from prescan.cli.chinese import Command
from prescan.cli.exit_codes import FAILED, OK
from prescan.cli.options import CONFIG, RULES, settings_with
from prescan.errors import RedactionFailed, RedactionRefused

if TYPE_CHECKING:
    from prescan.redaction import Redaction


@click.command(cls=Command)
@click.argument("source", metavar="文件")
@click.option("-o", "--output", required=True, metavar="文件", help="脱敏副本写到哪里，不能是原文件")
@click.option("--only", multiple=True, metavar="编号|类型|类别", help="只遮盖这些疑点，可多次给出")
@click.option(
    "--except",
    "except_",
    multiple=True,
    metavar="编号|类型|类别",
    help="不遮盖这些疑点，可多次给出；隐藏内容写类型，如 comment",
)
@click.option("--decisions", metavar="文件", help="处置文件（decisions.json）：认可的疑点保留，remove 指定的部分删除")
@click.option("--style", type=click.Choice(["mask", "bar"]), default="mask", help="mask 用星号遮盖（默认），bar 用黑条")
@RULES
@CONFIG
def redact(source: str, output: str, only: tuple[str, ...], except_: tuple[str, ...], **options: Any) -> int:  # noqa: ANN401
    """生成脱敏副本：遮盖个人信息，清除批注、修订、隐藏内容、附件和文件属性。原文件不变。

    支持 docx、xlsx、pdf、html 和文本。退出码：0 已生成并复核；1 含疑似涉密内容或有残留，未生成；2 无法运行。
    """
    from prescan.redaction import redact as redacted  # noqa: PLC0415  --help must not wait for numpy
    from prescan.redaction.output import check_suffix  # noqa: PLC0415
    from prescan.scanner import Scanner  # noqa: PLC0415

    check_suffix(output, source)
    with Scanner(settings_with(options["config"], options["rules"]), workers=1) as scanner:
        for warning in scanner.warnings:
            click.echo(f"提醒：{warning}", err=True)
        try:
            done = redacted(
                scanner,
                source,
                output,
                decisions=options["decisions"],
                only=only,
                except_=except_,
                style=options["style"],
            )
        except (RedactionRefused, RedactionFailed) as error:
            click.echo(f"未生成：{error}", err=True)
            return FAILED
    for line in _lines(done):
        click.echo(line)
    click.echo(f"已写入 {output}，原文件未改动；请人工核对后再发布", err=True)
    return OK


def _lines(done: Redaction) -> list[str]:
    """Return lines that describe what was done, without values."""
    from prescan.redaction.choose import kinds  # noqa: PLC0415

    hidden = [finding for finding in done.removed if finding.category == "hidden_content"]
    masked = [finding for finding in done.removed if finding.category != "hidden_content"]
    lines = [f"已遮盖：{'，'.join(kinds(masked)) or '无'}"]
    cleaned = [*done.cleaned, *(kinds(hidden) if not done.cleaned else ())]
    if cleaned:
        lines.append(f"已清除：{'，'.join(cleaned)}")
    if done.page_images:
        pages = "、".join(map(str, done.page_images))
        lines.append(f"已转为图片的页：第 {pages} 页（该页文字无法精确删除，已无文字层）")
    if done.left:
        lines.append(f"保留未动：{'，'.join(kinds(done.left))}")
    lines += [f"请人工处理：{item}" for item in done.listed]
    return lines
