"""What keeps `prescan scan` from running: exit code 2, one Chinese sentence, nothing scanned; and the help."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from running import ROOT, RUN, TEXT, command, prescan_with, write

from prescan.resources import resource_dir

if TYPE_CHECKING:
    from pathlib import Path

BAD_RULE = '[[rule]]\nid = "QHX-001"\nname = "甲"\nkind = "wordz"\n'

USAGE = [
    # arguments, what is said
    (["scan"], "缺少"),
    (["scan", "a.txt", "--formt", "json"], "--format"),
    (["scan", "a.txt", "--format", "yaml"], "jsonl"),
    (["scan", "a.txt", "--fail-on", "high"], "review"),
    (["scan", "a.txt", "--jobs", "0"], "--jobs"),
    (["scan", "a.txt", "--jobs", "two"], "--jobs"),
    (["scan", "a.txt", "--today", "明天"], "--today"),
    (["scan", "a.txt", "--stage", "final"], "draft"),
    (["scan", "a.txt", "--format"], "--format"),
    (["scan", "a.txt", "--format", "record"], "-o"),
    (["scan", "a.txt", "--format", "html", "-o", "报告.xlsx"], "把 -o 的后缀改为 .html、.htm，或改用 --format xlsx"),
    (["scan", "a.txt", "-o", "报告.docx"], "用 --format 指明写哪一种：marked、record"),
    (["scan", "a.txt", "b.txt", "--format", "record", "-o", "记录.docx"], "-o 是文件夹，请去掉后缀 .docx"),
    (["scan", "a.txt", "--config", "无.toml"], "无.toml"),
    (["scan", "a.txt", "--rules", "无.toml"], "无.toml"),
    (["scan", "a.txt", "-o", "没有/报告.json"], "报告.json"),
    (["scan", "a.txt", "-o", "."], "无法写入"),
    (["scan", "a.txt", "b.txt", "--format", "record", "-o", "a.txt"], "a.txt"),
    (["scna", "a.txt"], "--help"),
    (["--wrong"], "--help"),
]


@pytest.mark.parametrize(("arguments", "said"), USAGE, ids=[" ".join(row[0]) for row in USAGE])
def test_wrong_usage_ends_with_two_and_one_chinese_sentence(folder, arguments, said):
    write(folder / "a.txt", TEXT)
    write(folder / "b.txt", TEXT)
    done = prescan_with(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    shown = done.stderr.decode()
    assert shown.startswith("错误：")
    assert shown.count("\n") == 1
    assert said in shown
    assert (folder / "a.txt").read_text() == TEXT


def test_a_broken_rule_file_is_shown_at_its_line_and_nothing_is_scanned(folder):
    write(folder / "a.txt", TEXT)
    write(folder / "r.toml", BAD_RULE)
    done = prescan_with("scan", "a.txt", "--rules", "r.toml")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "r.toml:4" in done.stderr.decode()
    assert '→    4 | kind = "wordz"' in done.stderr.decode()
    write(folder / "prescan.toml", 'rules = ["r.toml"]')
    assert prescan_with("scan", "a.txt").returncode == 2


def test_a_mistake_in_the_settings_ends_with_two_and_nothing_is_scanned(folder):
    write(folder / "a.txt", TEXT)
    write(folder / "prescan.toml", "[limits]\nsecond = 3")
    done = prescan_with("scan", "a.txt")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "最接近的是 seconds" in done.stderr.decode()


@pytest.fixture
def copied(folder) -> Path:
    """Return a copy of the package as a checkout has it, whose models and rules may be spoilt."""
    shutil.copytree(ROOT / "src", folder / "copy" / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(resource_dir("rules"), folder / "copy" / "rules")
    shutil.copytree(resource_dir("models"), folder / "copy" / "models", ignore=shutil.ignore_patterns("corpus"))
    write(folder / "a.txt", TEXT)
    return folder / "copy"


@pytest.mark.parametrize("file", ["model.json", "weights.npz", "SHA256SUMS"])
def test_a_model_that_is_not_the_one_it_claims_ends_with_two(copied, file):
    assert prescan_with("scan", "a.txt", package=copied / "src").returncode == 1
    with (copied / "models" / "attribute" / file).open("r+b") as stream:
        stream.seek(20)
        stream.write(b"0" if stream.read(1) != b"0" else b"1")
        stream.seek(20)
        stream.write(b"0" if file == "SHA256SUMS" else b"#")
    done = prescan_with("scan", "a.txt", package=copied / "src")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "校验值不符" in done.stderr.decode()


@pytest.mark.parametrize("lost", ["models/attribute", "rules", "rules/statutes"])
def test_an_installation_that_is_not_whole_ends_with_two(copied, lost):
    shutil.rmtree(copied / lost)
    done = prescan_with("scan", "a.txt", package=copied / "src")
    assert (done.returncode, done.stdout) == (2, b"")


def test_without_a_folder_for_the_key_the_run_goes_on_with_a_warning(folder):
    write(folder / "a.txt", TEXT)
    done = prescan_with("scan", "a.txt", XDG_CONFIG_HOME=str(folder / "a.txt" / "x"))
    assert done.returncode == 1
    assert done.stderr.decode().startswith("提醒：")


@pytest.mark.parametrize("arguments", [["--help"], ["scan", "--help"], ["rules", "--help"], ["config", "--help"]])
def test_the_help_is_in_chinese(arguments):
    done = prescan_with(*arguments)
    shown = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert shown.startswith("用法：prescan")
    assert not [word for word in ("Usage", "Options:", "Show this", "Commands:", "OPTIONS") if word in shown]


@pytest.mark.parametrize(
    ("arguments", "heavy", "said"),
    [
        (["--help"], "numpy lxml docx pypdf pypdfium2 selectolax rjieba jieba regex rich", "用法"),
        (["scan", "a.txt"], "numpy rjieba jieba prescan.detect prescan.rules", "居民身份证号"),
    ],
    ids=["help", "scan"],
)
def test_the_command_does_not_wait_for_what_it_or_its_worker_has_no_need_of(folder, arguments, heavy, said):
    """A worker scans, so only it loads rules and models."""
    write(folder / "a.txt", TEXT)
    script = (
        f"import atexit, sys; atexit.register(lambda: print(sorted(set(sys.modules) & HEAVY), file=sys.stderr)); {RUN}"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {set(heavy.split())!r}; {script}", *arguments],
        **{key: value for key, value in command().items() if key == "env"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "[]\n"
    assert said in done.stdout
