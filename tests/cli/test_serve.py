"""`prescan serve` on the command line: when it may not start, accounts, tokens, the log, purging."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from running import prescan_with

pytest.importorskip("fastapi", reason="the extra `web` is not installed")

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = b"a long enough password\n"


def test_it_may_not_start_beyond_loopback_without_accounts(tmp_path: Path) -> None:
    done = prescan_with("serve", "--host", "0.0.0.0", "--port", "1", "--store", str(tmp_path / "s"))  # noqa: S104
    assert done.returncode == 2
    assert "账号" in done.stderr.decode()


def test_a_port_in_use_is_said_in_one_chinese_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = prescan_with("serve", "--port", str(port), "--no-browser", "--store", str(tmp_path / "s"))
    assert done.returncode == 2
    assert done.stderr.decode() == f"错误：无法使用端口 {port}，可能已被占用，请用 --port 换一个\n"


def test_accounts_and_tokens(tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "s"))
    added = prescan_with("serve", "user", "add", "anna", "--name", "安娜", "--role", "drafter", *store, stdin=PASSWORD)
    assert added.returncode == 0
    assert PASSWORD.strip() not in added.stdout + added.stderr
    weak = prescan_with("serve", "user", "add", "bert", "--role", "first", *store, stdin=b"short\n")
    assert (weak.returncode, "口令至少" in weak.stderr.decode()) == (2, True)
    assert prescan_with("serve", "user", "list", *store).stdout.decode() == "anna  安娜  拟稿\n"
    made = prescan_with("serve", "token", "add", "门户", "--user", "anna", "--scope", "scan", *store)
    assert made.stdout.startswith(b"psk_")
    listed = prescan_with("serve", "token", "list", *store).stdout
    assert made.stdout.strip() not in listed
    assert prescan_with("serve", "token", "remove", "1", *store).returncode == 0
    assert prescan_with("serve", "user", "disable", "nobody", *store).returncode == 2
    assert prescan_with("serve", "user", "disable", "anna", *store).returncode == 0
    checked = prescan_with("log", "verify", *store)
    assert (checked.returncode, "共 4 条" in checked.stdout.decode()) == (0, True)
    assert prescan_with("purge", *store).returncode == 0
    raw = (tmp_path / "s" / "desk.sqlite").read_bytes()
    (tmp_path / "s" / "desk.sqlite").write_bytes(raw.replace(b"token_added", b"token_ADDED"))
    assert prescan_with("log", "verify", *store).returncode == 1


def test_there_must_be_a_store_to_look_at(tmp_path: Path) -> None:
    for arguments in (("log", "verify"), ("purge",)):
        done = prescan_with(*arguments, "--store", str(tmp_path / "nowhere"))
        assert done.returncode == 2
        assert "没有存储文件夹" in done.stderr.decode()
    assert not (tmp_path / "nowhere").exists()


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """The module that is missing is named, and so is the command that brings it."""
    import importlib.util

    from prescan.cli import main

    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "fastapi" else found(name, *more)
    )
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--port", "1"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("错误：没有装审查台所需的扩展 web（缺 fastapi）")
    assert "pip install 'prescan[web]'" in said
