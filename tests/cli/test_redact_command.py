"""`prescan redact`: exit codes, what is written, what is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from invented import MOBILE, RESIDENT_ID, comment, docx, package
from running import prescan_with, write

if TYPE_CHECKING:
    from pathlib import Path

TEXT = f"申请人身份证号：{RESIDENT_ID}\n申请人手机：{MOBILE}\n"


def test_a_copy_is_written_and_said(folder: Path) -> None:
    write(folder / "名单.docx", docx(TEXT, comments=comment("请核对")))
    done = prescan_with("redact", "名单.docx", "-o", "副本.docx")
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "居民身份证号 1 处" in said
    assert "批注" in said
    assert RESIDENT_ID not in said + done.stderr.decode()
    assert (folder / "副本.docx").stat().st_mode & 0o777 == 0o600


def test_options(folder: Path) -> None:
    write(folder / "a.txt", TEXT)
    assert prescan_with("redact", "a.txt", "-o", "b.txt", "--only", "resident_id").returncode == 0
    assert MOBILE in (folder / "b.txt").read_text(encoding="utf-8")
    assert prescan_with("redact", "a.txt", "-o", "b.txt", "--except", "resident_id", "--style", "bar").returncode == 0
    made = (folder / "b.txt").read_text(encoding="utf-8")
    assert RESIDENT_ID in made
    assert "█" * 11 in made
    found = json.loads(prescan_with("scan", "a.txt", "--format", "json", "--fail-on", "never").stdout)["findings"]
    accepted = {
        one["id"]: {"verdict": "依法可公开", "reason": "已授权"} for one in found if one["type"] == "mobile_phone"
    }
    document = {"sha256": None, "name": "a.txt", "findings": accepted}
    write(folder / "d.json", json.dumps({"schema": "prescan-decisions/1", "documents": [document]}))
    assert prescan_with("redact", "a.txt", "-o", "b.txt", "--decisions", "d.json").returncode == 0
    made = (folder / "b.txt").read_text(encoding="utf-8")
    assert MOBILE in made
    assert RESIDENT_ID not in made


def test_what_was_left_is_named_with_place_and_reason(folder: Path) -> None:
    write(folder / "a.txt", TEXT)
    done = prescan_with("redact", "a.txt", "-o", "b.txt", "--except", "mobile_phone")
    assert "保留未动：手机号码 1 处（按 --except 保留）：第2段" in done.stdout.decode()
    done = prescan_with("redact", "a.txt", "-o", "b.txt", "--only", "resident_id")
    assert "保留未动：手机号码 1 处（不在 --only 之列）：第2段" in done.stdout.decode()


def test_a_refusal_names_place_and_rule(folder: Path) -> None:
    write(folder / "a.txt", f"通知\n本材料为内部资料，注意保存。\n{TEXT}")
    done = prescan_with("redact", "a.txt", "-o", "b.txt")
    said = done.stderr.decode()
    assert done.returncode == 1
    assert said.startswith("未生成：含疑似涉密或内部内容，不得以脱敏代替解密审核：第2段 ")
    assert "（INT-" in said
    assert not (folder / "b.txt").exists()


def test_a_secret_mark_gives_exit_1_and_no_file(folder: Path) -> None:
    write(folder / "a.txt", "机密★10年\n" + TEXT)
    done = prescan_with("redact", "a.txt", "-o", "b.txt")
    assert done.returncode == 1
    assert "含疑似涉密内容，不得以脱敏代替解密审核：第1段 " in done.stderr.decode()
    assert not (folder / "b.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.zip", "-o", "b"), "docx"),
        (("nothing.txt", "-o", "b"), "核对路径"),
        (("a.txt", "-o", "a.txt"), "不能写回原文件"),
        (("a.txt", "-o", "nowhere/b"), "无法写入"),
        (("a.txt",), "-o"),
        (("a.txt", "-o", "b.docx"), "由 .docx 改为 .txt"),
        (("a.txt", "-o", "b", "--only", "phone"), "没有"),
        (("a.txt", "-o", "b", "--decisions", "nothing.json"), "找不到处置文件"),
    ],
)
def test_what_cannot_run_gives_exit_2_and_the_next_step(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    write(folder / "a.txt", TEXT)
    write(folder / "a.zip", package({"a.txt": TEXT}))
    done = prescan_with("redact", *arguments)
    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert RESIDENT_ID not in done.stderr.decode()
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "a.zip"]


def test_no_value_stays_in_temporary_files(folder: Path) -> None:
    write(folder / "a.docx", docx(TEXT))
    for name in ("temporary", "home", "cache"):
        (folder / name).mkdir()
    places = {"TMPDIR": folder / "temporary", "HOME": folder / "home", "XDG_CACHE_HOME": folder / "cache"}
    done = prescan_with("redact", "a.docx", "-o", "b.docx", **{name: str(path) for name, path in places.items()})
    assert done.returncode == 0
    left = [path for place in places.values() for path in place.rglob("*") if path.is_file()]
    assert not [path for path in left if RESIDENT_ID.encode() in path.read_bytes()]
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == ["a.docx", "b.docx"]
