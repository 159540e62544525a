"""`prescan serve` and the maintenance of its store: accounts, tokens, `prescan log verify`, `prescan purge`."""

from __future__ import annotations

import importlib.util
import sys
import webbrowser
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from prescan.cli.chinese import Command, Group
from prescan.cli.exit_codes import FAILED, OK
from prescan.cli.options import CONFIG
from prescan.errors import PrescanError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from prescan.web.config import Config
    from prescan.web.office import Office

_STORE: Final = click.option("--store", metavar="文件夹", help="存储文件夹，默认在用户数据目录下的 prescan/desk")
_ROLES: Final = ("drafter", "first", "second", "final", "admin")
_SCOPES: Final = ("scan", "read", "decide", "values")


@click.group(cls=Group, invoke_without_command=True)
@click.option("--host", metavar="地址", default="127.0.0.1", help="监听地址，默认 127.0.0.1；用其他地址须先建账号")
@click.option("--port", type=click.IntRange(1, 65535), metavar="数", default=8760, help="端口，默认 8760")
@_STORE
@click.option("--name", "names", multiple=True, metavar="域名", help="代理使用的域名，可多次给出")
@click.option("--secure", is_flag=True, help="在提供 https 的代理之后运行")
@click.option("--keep", is_flag=True, help="原件保留到期限为止，签发后也不提前删除")
@click.option("--days", type=click.IntRange(1, 3650), metavar="数", default=30, help="原件和疑点最长保留几天，默认 30")
@click.option("--queue", type=click.IntRange(1, 10_000), metavar="数", default=256, help="最多排队几份，默认 256")
@click.option("--no-browser", is_flag=True, help="不自动打开浏览器")
@CONFIG
@click.pass_context
def serve(context: click.Context, /, **options: Any) -> int | None:  # noqa: ANN401  options of the command
    """启动审查台和 HTTP 接口。

    只在本机使用时不用登录；要让别的机器访问，先用 prescan serve user add 建账号。按 Ctrl+C 停止。
    """
    if context.invoked_subcommand:
        return None
    _needs_web()
    from prescan.settings import effective_settings  # noqa: PLC0415  --help must not wait for the rest
    from prescan.web.serving import serve as run  # noqa: PLC0415

    given = {name: options[name] for name in ("host", "port", "names", "secure", "keep", "queue")}
    config = replace(_config(options["store"]), retention_days=options["days"], **given)
    settings = effective_settings(options["config"], {}).settings

    def ready(office: Office) -> None:
        host = f"[{config.host}]" if ":" in config.host else config.host
        url = f"http://{host}:{config.port}/"
        for warning in office.scanner.warnings:
            click.echo(f"提醒：{warning}", err=True)
        click.echo(f"审查台已启动：{url}  存储：{config.folder}  （按 Ctrl+C 停止）", err=True)
        if config.loopback and not options["no_browser"] and sys.stderr.isatty():
            webbrowser.open(url)

    run(config, settings, ready)
    return OK


@serve.group(cls=Group)
def user() -> None:
    """管理账号。"""


@user.command("add", cls=Command)
@click.argument("login", metavar="登录名")
@click.option("--name", help="姓名，签批时显示；默认同登录名")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(_ROLES), help="角色，可多次给出")
@_STORE
def add_user(login: str, name: str | None, roles: tuple[str, ...], store: str | None) -> int:
    """新建账号；口令从终端输入，或从标准输入读一行。

    角色：drafter 拟稿，first 初审，second 复审，final 终审，admin 管理。
    """
    from prescan.web import people, trail  # noqa: PLC0415  as above

    with _writing(store) as database:
        people.add_user(database, login, name or login, _password(), roles)
        trail.add(database, "console", "user_added", login, roles=sorted(roles))
    click.echo(f"已建账号 {login}", err=True)
    return OK


@user.command("list", cls=Command)
@_STORE
def list_users(store: str | None) -> int:
    """列出账号。"""
    from sqlalchemy import select  # noqa: PLC0415  as above

    from prescan.web.people import ROLES  # noqa: PLC0415
    from prescan.web.tables import User  # noqa: PLC0415

    with _writing(store) as database:
        for row in database.execute(select(User).order_by(User.login)).scalars():
            roles = "、".join(ROLES[role] for role in row.roles)
            click.echo(f"{row.login}  {row.name}  {roles}{'  （已停用）' if row.disabled else ''}")
    return OK


@user.command("password", cls=Command)
@click.argument("login", metavar="登录名")
@_STORE
def change_password(login: str, store: str | None) -> int:
    """重设口令；该账号的登录全部失效。"""
    from prescan.web import people  # noqa: PLC0415  as above

    with _writing(store) as database:
        people.change_password(database, _account(database, login), _password(), by="console")
    click.echo(f"已重设 {login} 的口令", err=True)
    return OK


@user.command("disable", cls=Command)
@click.argument("login", metavar="登录名")
@click.option("--off", "enable", is_flag=True, help="重新启用")
@_STORE
def disable_user(login: str, store: str | None, *, enable: bool) -> int:
    """停用账号，其登录和令牌立即失效。"""
    from prescan.web import people  # noqa: PLC0415  as above

    with _writing(store) as database:
        people.set_disabled(database, _account(database, login), disabled=not enable, by="console")
    click.echo(f"已{'启用' if enable else '停用'} {login}", err=True)
    return OK


@serve.group(cls=Group)
def token() -> None:
    """管理供其他系统使用的接口令牌。"""


@token.command("add", cls=Command)
@click.argument("name", metavar="名称")
@click.option("--user", "login", metavar="登录名", help="代表哪个账号；单机模式不用给")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(_SCOPES), help="权限，可多次给出")
@click.option("--days", type=click.IntRange(1, 366), metavar="数", default=90, help="有效几天，默认 90")
@_STORE
def add_token(name: str, login: str | None, scopes: tuple[str, ...], days: int, store: str | None) -> int:
    """新建令牌，显示一次，请妥善保存。

    权限：scan 送检并读取自己的结果，read 读取，decide 处置，values 查看明文。
    """
    from prescan.web import people, trail  # noqa: PLC0415  as above

    with _writing(store) as database:
        if login is None and people.has_accounts(database):
            raise PrescanError("已有账号，请用 --user 指明令牌代表哪个账号")
        account = _account(database, login) if login else None
        secret, row = people.add_token(database, account.id if account else None, name, scopes, days)
        trail.add(database, "console", "token_added", str(row.id), scopes=row.scopes)
    click.echo(secret)
    return OK


@token.command("list", cls=Command)
@_STORE
def list_tokens(store: str | None) -> int:
    """列出令牌（不显示令牌本身）。"""
    from sqlalchemy import select  # noqa: PLC0415  as above

    from prescan.web.clock import local_time  # noqa: PLC0415
    from prescan.web.tables import Token  # noqa: PLC0415

    with _writing(store) as database:
        for row in database.execute(select(Token).order_by(Token.id)).scalars():
            click.echo(f"{row.id}  {row.name}  {'、'.join(row.scopes)}  有效期至 {local_time(row.expires)}")
    return OK


@token.command("remove", cls=Command)
@click.argument("number", type=int, metavar="编号")
@_STORE
def remove_token(number: int, store: str | None) -> int:
    """撤销令牌。"""
    from prescan.web import trail  # noqa: PLC0415  as above
    from prescan.web.tables import Token  # noqa: PLC0415

    with _writing(store) as database:
        row = database.get(Token, number)
        if row is None:
            raise PrescanError(f"没有编号为 {number} 的令牌，见 prescan serve token list")
        database.delete(row)
        trail.add(database, "console", "token_removed", str(number))
    click.echo("已撤销", err=True)
    return OK


@click.group(cls=Group)
def log() -> None:
    """操作日志。"""


@log.command("verify", cls=Command)
@_STORE
@click.option("--expect", metavar="哈希", help="以前记下的哈希，须仍在日志中；可发现末尾被截去")
def verify_log(store: str | None, expect: str | None) -> int:
    """核对操作日志是否被改动；有改动时退出码为 1。"""
    _needs_web()
    from prescan.web import trail  # noqa: PLC0415  as above

    with _writing(str(_existing(store).folder)) as database:
        outcome = trail.verify(database, expect)
    if outcome.broken_at is not None:
        click.echo(f"日志在第 {outcome.broken_at} 条处不连续：内容被改动、删去或截短", err=True)
        return FAILED
    click.echo(f"日志完整，共 {outcome.lines} 条；最后一条的哈希 {outcome.last}")
    return OK


@click.command(cls=Command)
@_STORE
@click.option(
    "--days", type=click.IntRange(0, 3650), metavar="数", default=30, help="清理多少天没有变动的原件和疑点，默认 30"
)
def purge(store: str | None, days: int) -> int:
    """清理审查台中过期的原件、疑点、接口结果和日志，并压缩数据库。审查记录和台账保留。"""
    _needs_web()
    from prescan.web.holding import Holding  # noqa: PLC0415  as above
    from prescan.web.purge import sweep  # noqa: PLC0415
    from prescan.web.store import Store  # noqa: PLC0415

    config = replace(_existing(store), retention_days=days)
    opened = Store(config.folder)
    try:
        deleted = sweep(opened, config, Holding(config.folder).drop)
        opened.compact()
    finally:
        opened.close()
    click.echo(
        f"已清理：原件 {deleted['uploads']} 份，接口结果 {deleted['api']} 份，日志 {deleted['lines']} 条", err=True
    )
    return OK


def _needs_web() -> None:
    """Raise SettingsError if the extra is not installed (checked without importing it, which takes a second)."""
    for name in ("argon2", "fastapi", "jinja2", "python_multipart", "sqlalchemy", "uvicorn"):
        if importlib.util.find_spec(name) is None:
            raise SettingsError(f"没有装审查台所需的扩展 web（缺 {name}），请安装：pip install 'prescan[web]'")


def _config(store: str | None) -> Config:
    from prescan.web.config import Config, default_folder  # noqa: PLC0415

    return Config(folder=Path(store).absolute() if store else default_folder())


def _existing(store: str | None) -> Config:
    config = _config(store)
    if not config.folder.is_dir():
        raise SettingsError(f"没有存储文件夹 {config.folder}，请核对 --store")
    return config


@contextmanager
def _writing(store: str | None) -> Iterator[Session]:
    _needs_web()
    from prescan.web.store import Store  # noqa: PLC0415

    opened = Store(_config(store).folder)
    try:
        with opened.write() as database:
            yield database
    finally:
        opened.close()


def _account(database: Session, login: str) -> Any:  # noqa: ANN401  a User
    from sqlalchemy import select  # noqa: PLC0415

    from prescan.web.tables import User  # noqa: PLC0415

    account = database.execute(select(User).where(User.login == login)).scalar_one_or_none()
    if account is None:
        raise PrescanError(f"没有账号 {login}，见 prescan serve user list")
    return account


def _password() -> str:
    """Return a password typed twice on a terminal, or a line of standard input; others can see arguments."""
    if sys.stdin.isatty():
        return str(click.prompt("口令", hide_input=True, confirmation_prompt="再输一次"))
    return sys.stdin.readline().rstrip("\n")
