"""`prescan scan` as a person or a pipeline runs it: what goes in, what comes out, and the exit code."""

from __future__ import annotations

import io
import json
import os
import signal
import stat
import subprocess
import time
from functools import partial
from pathlib import Path

import docx as python_docx
import pytest
from invented import BANK_CARD, PROACTIVE, RESIDENT_ID, docx
from running import TEXT, command, prescan_with, write

import prescan


def names(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """Return the names in a jsonl report."""
    return [json.loads(line)["document"]["name"] for line in done.stdout.splitlines()]


@pytest.mark.usefixtures("folder")
def test_standard_input_is_read():
    done = prescan_with("scan", "-", "--format", "json", stdin=docx(TEXT))
    shown = json.loads(done.stdout)
    assert (done.returncode, shown["verdict"]) == (1, "blocked")
    assert shown["document"]["media_type"].endswith("wordprocessingml.document")
    assert prescan_with("scan", "-", stdin=PROACTIVE.encode()).returncode == 0
    assert prescan_with("scan", "-", stdin=b"").returncode == 3


def test_a_folder_is_scanned_with_everything_below_it_in_order(folder):
    for name in ("b/2.txt", "b/甲/1.txt", "b/1.txt", "a.txt", "b/.隐藏.txt"):
        write(folder / "稿" / name, TEXT)
    (folder / "稿" / "b" / "环").symlink_to(folder / "稿")
    done = prescan_with("scan", "稿", "--format", "jsonl", "--jobs", "2")
    assert names(done) == ["a.txt", "b/.隐藏.txt", "b/1.txt", "b/2.txt", "b/甲/1.txt"]
    assert done.returncode == 1


@pytest.mark.parametrize("name", ["plain", "json", "jsonl"])
def test_the_report_goes_to_standard_output_and_nothing_else_does(folder, name):
    write(folder / "a.txt", TEXT)
    done = prescan_with("scan", "a.txt", "--format", name)
    assert (done.returncode, done.stderr) == (1, b"")
    assert RESIDENT_ID.encode() not in done.stdout
    if name != "plain":
        assert json.loads(done.stdout)["schema"] == "prescan/1"
    else:
        assert "疑似不得公开，请先处理" in done.stdout.decode()
        assert b"\x1b" not in done.stdout


def test_the_same_input_gives_the_same_bytes(folder):
    for number in range(5):
        write(folder / f"{number}.txt", TEXT * (number + 1))
    runs = {prescan_with("scan", ".", "--format", "json", "--jobs", jobs).stdout for jobs in ("1", "2", "2")}
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("options", "text", "code"),
    [
        ([], PROACTIVE, 0),
        ([], TEXT, 1),
        (["--fail-on", "never"], TEXT, 0),
        ([], "妥否，请批示。", 0),
        (["--fail-on", "review"], "妥否，请批示。", 1),
        (["--fail-on", "note"], PROACTIVE, 0),
        (["--fail-on", "never"], "", 3),
        (["--fail-on", "note"], "", 3),
    ],
)
def test_the_exit_code_follows_the_worst_finding_then_what_was_unread(folder, options, text, code):
    write(folder / "a.txt", text)
    assert prescan_with("scan", "a.txt", *options).returncode == code


def test_a_missing_path_is_unread_and_the_rest_is_scanned(folder):
    write(folder / "a.txt", PROACTIVE)
    done = prescan_with("scan", "无.docx", "a.txt", "--format", "jsonl")
    shown = [json.loads(line) for line in done.stdout.splitlines()]
    assert [[item["code"] for item in one["unread"]] for one in shown] == [["missing"], []]
    assert (done.returncode, shown[1]["clear"]) == (3, True)
    write(folder / "b.txt", TEXT)
    assert prescan_with("scan", "无.docx", "b.txt").returncode == 1


def test_an_empty_folder_is_unread_as_empty(folder):
    (folder / "空").mkdir()
    done = prescan_with("scan", "空", "--format", "json")
    shown = json.loads(done.stdout)
    assert (done.returncode, [item["code"] for item in shown["unread"]]) == (3, ["empty"])
    assert shown["document"]["name"] == "空"


def test_an_output_file_is_for_its_owner_only(folder):
    write(folder / "a.txt", TEXT)
    done = prescan_with("scan", "a.txt", "--format", "json", "-o", "报告.json")
    assert (done.returncode, done.stdout) == (1, b"")
    assert stat.S_IMODE((folder / "报告.json").stat().st_mode) == 0o600
    assert json.loads((folder / "报告.json").read_bytes())["verdict"] == "blocked"


def test_values_and_text_are_written_only_on_request(folder):
    write(folder / "a.txt", f"关于核定救助资格的通知\n{TEXT}")
    for options, shown in (
        ([], 0),
        (["--show-values"], 1),
        (["--with-text"], 1),
        (["--show-values", "--with-text"], 2),
    ):
        done = prescan_with("scan", "a.txt", "--format", "json", *options)
        assert done.stdout.decode().count(RESIDENT_ID) == shown


def test_a_record_of_one_input_is_a_file(folder):
    write(folder / "a.txt", TEXT)
    assert prescan_with("scan", "a.txt", "--format", "record", "-o", "记录.docx").returncode == 1
    assert python_docx.Document(folder / "记录.docx").tables


def test_records_of_several_inputs_are_a_folder_with_one_for_each(folder):
    for name in ("甲/通知.txt", "乙/通知.txt", "通知.docx", f"{BANK_CARD}.txt"):
        write(folder / "稿" / name, TEXT)
    assert prescan_with("scan", "稿", "--format", "record", "-o", "记录").returncode == 1
    records = sorted((folder / "记录").iterdir())
    assert len(records) == 4
    assert all(stat.S_IMODE(record.stat().st_mode) == 0o600 for record in records)
    assert all(BANK_CARD not in record.name for record in records)
    digests = {row.cells[-1].text for record in records for row in python_docx.Document(record).tables[0].rows}
    assert {"甲/通知.txt", "乙/通知.txt", "通知.docx"} <= digests


def test_an_option_beats_the_settings_file(folder):
    write(folder / "a.txt", TEXT)
    write(folder / "prescan.toml", "today = 2026-01-01")
    for options, day in (([], "2026-01-01"), (["--today", "2026-02-02"], "2026-02-02")):
        done = prescan_with("scan", "a.txt", "--format", "json", *options)
        assert json.loads(done.stdout)["today"] == day


def children(pid: int) -> list[str]:
    """Return the processes that a process has started, of any of its threads."""
    return [child for at in Path(f"/proc/{pid}/task").glob("*/children") for child in at.read_text("ascii").split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are looked at in /proc")
def test_an_interrupt_ends_the_run_at_once_and_leaves_nothing_behind(folder):
    slow = "1234567890 " * 4_000_000
    for number in range(4):
        os.link(folder / "0.txt", folder / f"{number}.txt") if number else write(folder / "0.txt", slow)
    write(folder / "prescan.toml", "[limits]\nseconds = 300")
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # who starts the tests in the background ignores it
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(**command("scan", ".", "--jobs", "2"), **streams, preexec_fn=heard) as running:  # noqa: PLW1509  no thread here
        until = time.monotonic() + 30
        while len(workers := children(running.pid)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1)
        running.send_signal(signal.SIGINT)
        try:
            out, err = running.communicate(timeout=20)  # a file takes a minute
        finally:
            running.kill()
    assert (running.returncode, out) == (2, b"")
    assert err.decode().strip() == "已中止。"
    assert workers
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_a_reader_that_went_away_is_no_error(folder):
    for number in range(60):
        write(folder / f"{number}.txt", TEXT * 30)
    running = subprocess.Popen(
        **command("scan", ".", "--format", "json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    running.stdout.close()
    assert running.stderr.read() == b""
    running.stderr.close()
    assert running.wait(60) in {0, 1, 2}


def test_a_console_that_is_not_utf8_gets_the_report(folder):
    write(folder / "a.txt", TEXT)
    done = prescan_with("scan", "a.txt", PYTHONUTF8="0", PYTHONIOENCODING="gbk", LC_ALL="C")
    assert done.returncode == 1
    assert "居民身份证号" in done.stdout.decode("utf-8")


def test_the_library_gives_the_same_report_as_the_command_line(folder):
    write(folder / "a.txt", TEXT)
    stream = io.BytesIO()
    prescan.write(prescan.scan("a.txt"), "json", stream)
    assert prescan_with("scan", "a.txt", "--format", "json").stdout == stream.getvalue()
