"""`prescan evaluate`: figures on labelled documents, checked against floors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from prescan.cli.chinese import Command


@click.command("evaluate", cls=Command)
@click.argument("documents", required=False, metavar="[标注文稿目录]", type=click.Path(path_type=Path))
@click.option("--attribute", metavar="目录", type=click.Path(path_type=Path), help="公开属性的标注文稿，按组分文件夹")
@click.option(
    "--group", "groups", multiple=True, metavar="组", help="只评估这一组（标注文稿目录里的文件夹），可以多次给出"
)
@click.option("--gate", is_flag=True, help="有数字低于底线时退出码为 1")
@click.option(
    "--floors", metavar="文件", type=click.Path(path_type=Path), help="底线文件，默认标注文稿旁的 floors.json"
)
@click.option("--errors", default=20, type=click.IntRange(0), metavar="数", help="列出多少处错处，默认 20")
@click.option("--show-values", is_flag=True, help="错处显示明文（默认遮盖）")
def evaluate(documents: Path | None, **options: Any) -> int:  # noqa: ANN401  options as click gives them
    """用标注文稿评估：各类疑点的召回和精确率、各种写法、误报、公开属性、错处。

    不给目录时用源码目录自带的标注文稿。退出码：0 正常；1 有数字低于底线（--gate）；2 无法运行。
    """
    from prescan.quality.evaluate import find_data, run  # noqa: PLC0415  --help must not wait for numpy

    return run(find_data(documents, options.pop("attribute"), options.pop("floors")), **options)
