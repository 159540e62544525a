"""Worker processes: whatever a file does to its reader costs that file only, and nothing is left behind."""

from __future__ import annotations

import gc
import io
import os
import re
import signal
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from breaking import alive, heavy_page, long_then_heavy, pdf, run
from invented import PROACTIVE, RESIDENT_ID

import prescan
from prescan import memory
from prescan.formats.libreoffice import folder_prefix
from prescan.scanner.received import Received
from prescan.scanner.rest import unread_rest, unscanned

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXT = f"身份证号：{RESIDENT_ID}"
GOOD = TEXT.encode()


def limited(**limits: float) -> prescan.Scanner:
    """Return a scanner with these limits, its worker started."""
    scanner = prescan.Scanner(prescan.Settings(limits=prescan.Limits(**limits)))
    tries = (scanner.scan_bytes(GOOD, name="a.txt").verdict for _ in range(5))  # a busy machine takes long at first
    assert "blocked" in tries
    return scanner


def pid_of(scanner: prescan.Scanner) -> int:
    """Return the process of the scanner's one idle worker."""
    (worker,) = scanner._workers.idle
    return worker._process.pid


def codes(result: prescan.ScanResult) -> list[str]:
    """Return the codes of what was not read."""
    return [item.code for item in result.unread]


def in_thread(scanner: prescan.Scanner, data: bytes, results: list[prescan.ScanResult]) -> threading.Thread:
    """Scan in a thread and return it once the worker has the file."""
    (worker,) = scanner._workers.idle
    files = worker.files
    thread = threading.Thread(target=lambda: results.append(scanner.scan_bytes(data, name="b.txt")), daemon=True)
    thread.start()
    while worker.files == files:
        time.sleep(0.01)
    return thread


def test_a_worker_that_holds_too_much_gets_no_other_file_however_often_one_asks(monkeypatch):
    with limited() as scanner:
        (worker,) = scanner._workers.idle
        worker.files = 250
        monkeypatch.setattr(memory, "resident_mb", lambda process_id: 10_000 if process_id == pid_of(scanner) else 0)
        assert [worker.may_take_another() for _ in range(3)] == [False] * 3
        monkeypatch.setattr(memory, "resident_mb", lambda _: 1)
        worker.files = 500
        assert worker.may_take_another()


def test_a_worker_is_reused_between_files():
    with limited() as scanner:
        first = pid_of(scanner)
        for file in ("请示.txt", "红头通知.docx", "政务公开栏目.html"):
            assert scanner.scan_file(EXAMPLES / file).complete
        assert scanner.scan_bytes(b"%PDF-1.4 broken", name="a.pdf").unread
        assert pid_of(scanner) == first


@pytest.mark.parametrize("data", [GOOD, GOOD * 100_000], ids=["small", "larger than a pipe"])
def test_a_worker_that_hangs_costs_one_file(data):
    with limited(seconds=1) as scanner:
        stuck = pid_of(scanner)
        os.kill(stuck, signal.SIGSTOP)
        results: list[prescan.ScanResult] = []
        thread = in_thread(scanner, data, results)
        thread.join(15)
        if thread.is_alive():
            os.kill(stuck, signal.SIGKILL)
            pytest.fail("the caller hangs with the worker")
        assert [codes(result) for result in results] == [["timeout"]]
        assert (results[0].document.text, results[0].findings, results[0].suggestion) == ("", (), None)
        assert not alive(stuck)
        assert scanner.scan_bytes(GOOD, name="a.txt").verdict == "blocked"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_worker_that_crashes_costs_one_file(how):
    with limited() as scanner:
        pid, results = pid_of(scanner), []
        os.kill(pid, signal.SIGSTOP)
        thread = in_thread(scanner, GOOD, results)
        os.kill(pid, how)
        os.kill(pid, signal.SIGCONT)
        thread.join()
        assert [codes(result) for result in results] == [["crashed"]]
        assert "人工阅看" in results[0].unread[0].detail
        assert scanner.scan_bytes(GOOD, name="a.txt").verdict == "blocked"


def test_a_worker_that_died_between_files_costs_none():
    with limited() as scanner:
        os.kill(pid_of(scanner), signal.SIGKILL)
        os.waitid(os.P_PID, pid_of(scanner), os.WEXITED | os.WNOWAIT)
        assert scanner.scan_bytes(GOOD, name="a.txt").complete


def test_what_was_read_before_the_time_was_over_is_kept_and_scanned():
    with limited(seconds=2) as scanner:
        result = scanner.scan_bytes(long_then_heavy(f"ID {RESIDENT_ID}"), name="a.pdf")
        assert [finding.type for finding in result.findings] == ["resident_id"]
        assert result.document.text[slice(result.findings[0].start, result.findings[0].end)] == RESIDENT_ID
        assert len(result.document.text) > 20_000
        assert codes(result) == ["timeout"]
        assert re.search(r"已读到第 \d+ 页，其后未读", result.unread[0].detail)
        assert result.suggestion.abstained
        assert (result.verdict, result.document.media_type) == ("blocked", "application/pdf")
        assert scanner.scan_bytes(GOOD, name="a.txt").complete


def test_what_was_read_before_a_crash_is_kept_and_scanned():
    with limited(memory_mb=300) as scanner:
        result = scanner.scan_bytes(long_then_heavy(f"ID {RESIDENT_ID}"), name="a.pdf")
        assert [finding.type for finding in result.findings] == ["resident_id"]
        assert codes(result) == ["memory"]
        assert re.search(r"已读到第 \d+ 页，其后未读", result.unread[0].detail)
        assert result.suggestion.abstained


def test_a_member_that_costs_its_worker_costs_only_itself():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("前.txt", f"身份证号：{RESIDENT_ID}")
        archive.writestr("重.pdf", pdf([heavy_page()]))
        archive.writestr("后.txt", f"身份证号：{RESIDENT_ID}")
    with limited(memory_mb=300) as scanner:
        result = scanner.scan_bytes(stream.getvalue(), name="a.zip")
        assert [(item.name, item.code) for item in result.unread] == [("a.zip/重.pdf", "memory")]
        assert [item.location.member for item in result.findings] == ["前.txt", "后.txt"]


def test_a_member_that_python_has_no_memory_for_costs_only_itself():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("前.txt", TEXT)
        archive.writestr("重.txt", "一\n".encode() * 10_000_000)
        archive.writestr("后.txt", TEXT)
    with limited(memory_mb=300) as scanner:
        result = scanner.scan_bytes(stream.getvalue(), name="a.zip")
        assert [(item.name, item.code) for item in result.unread] == [("a.zip/重.txt", "memory")]
        assert [item.location.member for item in result.findings] == ["前.txt", "后.txt"]


def test_what_was_read_whole_but_not_checked_is_not_said_to_be_unread():
    error = prescan.ReadError("timeout")
    assert "其后未读" in unread_rest(Received(), error, "a.txt").detail
    assert "检查没有做完" in unread_rest(Received(fully_read=True), error, "a.txt").detail
    assert "没有列出" in unscanned(error)


def test_folders_of_a_killed_worker_are_removed(tmp_path, monkeypatch):
    """What a worker writes for LibreOffice holds the document; killed, it cannot remove it itself."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with limited() as scanner:
        left = tmp_path / f"{folder_prefix(pid_of(scanner))}x" / "out"
        left.mkdir(parents=True)
        (left / "in").write_bytes(GOOD)
        (tmp_path / "prescan-other").mkdir()
    assert [path.name for path in tmp_path.iterdir()] == ["prescan-other"]


def test_a_file_that_needs_too_much_memory_costs_one_file():
    with limited(memory_mb=240) as scanner:
        result = scanner.scan_bytes("一二三\n".encode() * 300_000, name="a.txt")
        assert codes(result) == ["memory"]
        assert "拆分" in result.unread[0].detail
        assert scanner.scan_bytes(GOOD, name="a.txt").complete


def test_a_hang_does_not_touch_the_other_files_of_a_run(tmp_path):
    (tmp_path / "b.pdf").write_bytes(pdf([heavy_page()]))
    paths = [tmp_path / "b.pdf"]
    for number in range(6):
        paths.append(tmp_path / f"{number}.txt")
        paths[-1].write_text(TEXT, encoding="utf-8")
    with limited(seconds=3) as scanner:
        results = list(scanner.pipe(paths, jobs=2))
        assert [codes(result) for result in results] == [["timeout"], *[[]] * 6]


def test_an_interrupted_scan_is_not_taken_for_the_next_one():
    class Interrupt(BaseException):
        """What a signal handler may raise at any point."""

    def interrupt(*_):
        raise Interrupt

    with limited() as scanner:
        pid, before = pid_of(scanner), signal.signal(signal.SIGALRM, interrupt)
        os.kill(pid, signal.SIGSTOP)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(Interrupt):
                scanner.scan_bytes("另一个文件".encode(), name="a.txt")
        finally:
            signal.signal(signal.SIGALRM, before)
        if alive(pid):
            os.kill(pid, signal.SIGCONT)
        for _ in range(2):
            result = scanner.scan_bytes(PROACTIVE.encode(), name="b.txt")
            assert (result.document.text, result.document.name) == (PROACTIVE, "b.txt")


def test_no_worker_is_left_after_close_and_the_scanner_may_go_on():
    scanner = limited()
    first = pid_of(scanner)
    scanner.close()
    assert not alive(first)
    assert scanner.scan_bytes(GOOD, name="a.txt").complete
    second = pid_of(scanner)
    assert second != first
    scanner.close()
    assert not alive(second)


def test_no_worker_is_left_when_the_scanner_is_let_go():
    scanner = limited()
    pid = pid_of(scanner)
    assert alive(pid)
    del scanner
    gc.collect()
    assert not alive(pid)


PLAIN = """
import sys, prescan
result = prescan.scan(sys.argv[1])
print(result.verdict, prescan._shared()._workers.idle[0]._process.pid)
"""


def test_a_plain_script_needs_no_main_guard_and_leaves_no_worker(tmp_path):
    done = run(PLAIN, str(EXAMPLES / "低保花名册.docx"), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    verdict, pid = done.stdout.split()
    assert verdict == "blocked"
    assert not alive(int(pid))


def test_a_worker_ends_by_itself_when_its_caller_was_killed(tmp_path):
    done = run(
        PLAIN + "import os; sys.stdout.flush(); os.kill(os.getpid(), 9)", str(EXAMPLES / "请示.txt"), cwd=tmp_path
    )
    assert done.returncode == -signal.SIGKILL
    pid, end = int(done.stdout.split()[1]), time.monotonic() + 20
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(pid)


@pytest.mark.parametrize("name", ["regex.py", "json.py", "lxml.py", "numpy.py", "prescan.py", "sitecustomize.py"])
def test_files_in_the_working_folder_are_not_imported(tmp_path, name):
    (tmp_path / name).write_text("raise SystemExit('imported from the working folder')")
    done = run(PLAIN, str(EXAMPLES / "低保花名册.docx"), cwd=tmp_path)
    assert done.stdout.startswith("blocked"), done.stderr


def test_threads_share_a_scanner():
    files = [EXAMPLES / name for name in ("请示.txt", "红头通知.docx", "低保花名册.docx", "政务公开栏目.html")] * 4
    with prescan.Scanner() as scanner:
        alone = [as_json([scanner.scan_file(file)]) for file in files[:4]]
        with ThreadPoolExecutor(8) as pool:
            together = [as_json([result]) for result in pool.map(scanner.scan_file, files)]
        assert together == alone * 4
        assert 1 <= len(scanner._workers.idle) <= 8


def test_a_pipe_keeps_the_order_of_its_inputs(tmp_path):
    paths = []
    for number, size in enumerate([3000, 1, 2000, 1, 1, 1000, 1, 1]):
        paths.append(tmp_path / f"{number}.txt")
        paths[-1].write_text(f"第{number}号\n" * size, encoding="utf-8")
    with prescan.Scanner() as scanner:
        assert [result.document.name for result in scanner.pipe(paths, jobs=2)] == [path.name for path in paths]


def test_a_pipe_takes_paths_as_it_goes(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    taken = []

    def paths():
        for number in range(1000):
            taken.append(number)
            yield tmp_path / "a.txt"

    with prescan.Scanner() as scanner:
        results = scanner.pipe(paths(), jobs=2)
        next(results)
        assert len(taken) < 20
        results.close()


def as_json(results: list[prescan.ScanResult]) -> bytes:
    """Return the report of results."""
    stream = io.BytesIO()
    prescan.write(results, "json", stream, with_text=True, show_values=True)
    return stream.getvalue()


def test_the_report_is_the_same_whatever_the_number_of_workers():
    files = sorted(file for file in EXAMPLES.iterdir() if file.suffix in {".txt", ".docx", ".html", ".pdf"})
    reports = set()
    for jobs in (1, 2, 2):
        with prescan.Scanner() as scanner:
            reports.add(as_json(list(scanner.pipe(files, jobs=jobs))))
    assert len(files) > 5
    assert len(reports) == 1


def test_a_text_gives_the_same_findings_in_the_caller_and_in_a_worker(scanner):
    here = scanner.scan_text(PROACTIVE + TEXT, context=prescan.Context(url="a.txt"))
    there = scanner.scan_bytes((PROACTIVE + TEXT).encode(), name="a.txt", context=prescan.Context(url="a.txt"))
    assert (here.findings, here.suggestion, here.verdict) == (there.findings, there.suggestion, there.verdict)
