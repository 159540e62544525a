"""Shared by the commands of `prescan audit`: options, opening the store, writing the report, exit code."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from prescan.cli.exit_codes import FOUND, OK, UNREAD
from prescan.errors import PrescanError
from prescan.types import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prescan.audit.plan import Plan
    from prescan.audit.store import Store
    from prescan.types import Settings

STORE: Final = click.option("--store", required=True, metavar="文件", help="审计库（audit.sqlite），接着上次做")
PLAN: Final = click.option("--plan", metavar="文件", help="审计方案：列名、留存期、责任人等，见 docs/audit.md")
FAIL_ON: Final = click.option(
    "--fail-on", type=click.Choice([*LEVELS, "never"]), default="block", help="达到此级别退出码为 1，默认 block"
)


@contextmanager
def opened(
    path: str,
    config: str | None,
    *,
    create: bool = False,
    **options: Any,  # noqa: ANN401
) -> Iterator[tuple[Store, bytes, Settings]]:
    """Open a store; yield it with the key and the settings. Raises PrescanError."""
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


def write_report(store: Store, batch: int, folder: Path, key: bytes, plan: Plan, fail_on: str) -> int:  # noqa: PLR0913, PLR0917
    """Write the report of a finished batch, print its figures, return the exit code."""
    from prescan.audit import results, statistics  # noqa: PLC0415

    results.write(store, folder, key, plan)
    figures = statistics.headline(store, batch)
    click.echo(_summary(figures, folder))
    if left := statistics.not_cleared(store):
        click.echo(
            f"提醒：已撤下的有 {left} 件，请清理搜索引擎快照、镜像站和缓存，并在台账“缓存/搜索引擎清理”列登记", err=True
        )
    return _code(store, figures, fail_on)


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
