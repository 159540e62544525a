"""`prescan redact`: writes a redacted copy of a file and lists what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from prescan.cli.chinese import Command
from prescan.cli.exit_codes import FAILED, OK
from prescan.cli.options import CONFIG, RULES, settings_with
from prescan.errors import RedactionFailed, RedactionRefused
from prescan.types import PERSONAL_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prescan.redaction import Redaction
    from prescan.types import Finding, ScanResult

#: So many places are named of what was left for one reason.
_PLACES: Final = 5


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
    from prescan.redaction.output import check_suffix, check_target  # noqa: PLC0415
    from prescan.scanner import Scanner  # noqa: PLC0415

    check_suffix(output, source)
    check_target(output, source)  # before the scan, which may take long
    with Scanner(settings_with(options["config"], options["rules"]), workers=1) as scanner:
        for warning in scanner.warnings:
            click.echo(f"提醒：{warning}", err=True)
        result = scanner.scan_file(source)
        try:
            done = redacted(
                scanner,
                source,
                output,
                result,
                decisions=options["decisions"],
                only=only,
                except_=except_,
                style=options["style"],
            )
        except (RedactionRefused, RedactionFailed) as error:
            click.echo(f"未生成：{error}", err=True)
            return FAILED
    for line in (*_lines(done), *_left(done, result, only, except_)):
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
    lines += [f"请人工处理：{item}" for item in done.listed]
    return lines


def _left(done: Redaction, result: ScanResult, only: Sequence[str], except_: Sequence[str]) -> Iterator[str]:
    """Yield a line per type and reason of what was left: how many, why, where; without values."""
    from prescan.redaction.choose import label  # noqa: PLC0415
    from prescan.report import Options  # noqa: PLC0415
    from prescan.report.shown import Contexts  # noqa: PLC0415

    contexts = Contexts(result, Options())
    groups: dict[tuple[str, str], list[str]] = {}
    for one in done.left:
        groups.setdefault((label(one.type), _why_left(one, only, except_)), []).append(contexts.place(one))
    for (kind, why), places in groups.items():
        named = list(dict.fromkeys(places))
        more = "等" if len(named) > _PLACES else ""
        yield f"保留未动：{kind} {len(places)} 处（{why}）：{'、'.join(named[:_PLACES])}{more}"


def _why_left(finding: Finding, only: Sequence[str], except_: Sequence[str]) -> str:
    names = {finding.id, finding.type, finding.category}
    if finding.suppressed:
        return f"已认可：{finding.suppressed.reason}"
    if names & set(except_):
        return "按 --except 保留"
    if finding.location.part == "filename":
        return "在文件名里，请为副本另取文件名"
    if finding.category not in PERSONAL_CATEGORIES:
        return "不是个人信息，请人工处理"
    if only:
        return "不在 --only 之列"
    return "只是提示，默认不遮盖"
