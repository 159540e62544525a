"""`prescan train`: adapts the attribute model to an office's own decisions. Nothing leaves the machine."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from prescan.cli.chinese import Command
from prescan.cli.exit_codes import OK
from prescan.cli.options import CONFIG
from prescan.errors import PrescanError


@click.command(cls=Command)
@click.argument("data", nargs=-1, metavar="数据…")
@click.option("--from", "decisions", metavar="文件", help="审查台或基线的 decisions.json，取其中已定的公开属性")
@click.option("--documents", metavar="文件夹", help="与 --from 对应的原文件所在文件夹，按 SHA-256 对应")
@click.option("--out", required=True, metavar="文件夹", help="模型写到哪里")
@CONFIG
def train(data: tuple[str, ...], decisions: str | None, documents: str | None, out: str, config: str | None) -> int:
    """用本单位已定公开属性的文件校正属性模型。

    数据：jsonl 或 csv（label、text 或 path、可选 date），或按属性分文件夹的文件。至少 30 份，三种属性各 5 份。
    """
    if bool(decisions) != bool(documents):
        raise PrescanError("--from 与 --documents 要一起给出")
    if not data and not decisions:
        raise PrescanError("请给出数据（jsonl、csv 或文件夹），或用 --from 与 --documents")
    if find_spec("sklearn") is None:
        raise PrescanError("训练需要 scikit-learn，请先安装：pip install 'prescan[train]'")
    from prescan.classify import store  # noqa: PLC0415  --help must not wait for numpy
    from prescan.decisions import ledger  # noqa: PLC0415
    from prescan.quality import adapt, own_documents  # noqa: PLC0415
    from prescan.resources import resource_dir  # noqa: PLC0415
    from prescan.scanner import Scanner  # noqa: PLC0415
    from prescan.settings import effective_settings  # noqa: PLC0415

    with Scanner(effective_settings(config, {}).settings) as scanner:
        gathered = own_documents.gather(data, scanner)
        if decisions and documents:
            more = own_documents.from_decisions(ledger.read(decisions), documents, scanner)
            gathered.documents += more.documents
            gathered.problems += more.problems
    for problem in gathered.problems:
        click.echo(f"提醒：{problem}", err=True)
    shipped, _ = store.read(resource_dir("models") / "attribute")
    adapted = adapt.adapt(shipped, gathered.documents)
    version = adapt.write(adapted, Path(out))
    click.echo(adapt.card(adapted, version))
    click.echo(f'已写入 {out}；在 prescan.toml 中写 attribute_model = "{out}" 即可使用', err=True)
    return OK
