"""Values planted in a document are in nothing that is written without being asked for: reports, logs, files, caches."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from running import ROOT, write

sys.path.insert(0, str(ROOT / "tests" / "report"))
from planted import CANARIES, IN_NAME, document

from prescan.report import WRITERS

#: One process does it all: every format, a baseline, a copy, an audit with its reports. Commands with the same settings
#: share a scanner and its worker, as starting takes longest.
SCRIPT = """
import logging, sys
from pathlib import Path
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
import prescan
from prescan import scanner
class Kept(scanner.Scanner):
    held = {}
    def __new__(cls, settings=None, *, workers=0):
        return cls.held.setdefault(repr(settings), super().__new__(cls))
    def __init__(self, settings=None, *, workers=0):
        if "settings" not in vars(self):
            super().__init__(settings, workers=workers)
    def close(self):
        pass
scanner.Scanner = Kept
from prescan.cli import main
from prescan.report import WRITERS
from prescan.rules import load_rules
name, out = sys.argv[1], Path(sys.argv[2])
runs = [["scan", name, "--format", kind, "--fail-on", "never", "-o", str(out / f"report.{kind}")] for kind in WRITERS
        if kind not in ("marked", "referral")]
runs += [["scan", name], ["scan", name, "--format", "json"], ["scan", str(Path(name).parent), "--format", "jsonl"]]
runs += [["scan", name, "--write-baseline", str(out / "decisions.json"), "--reason", "公务"]]
runs += [["scan", name, "--baseline", str(out / "decisions.json"), "--fail-on", "never"]]
runs += [["redact", name, "-o", str(out / "copy.docx")]]
hits = {one.rule_id for one in prescan.scan(name).findings} & {rule.id for rule in load_rules().rules}
runs += [["rules", "why", name, rule_id] for rule_id in sorted(hits)]
runs += [["audit", "run", str(Path(name).parent), "--store", str(out / "a.sqlite"), "--out", str(out / "audit")]]
for arguments in runs:
    try:
        main(arguments)
    except SystemExit as ended:
        print(arguments[:1] + arguments[3:], ended.code, file=sys.stderr)
"""
CRASH = """
import sys
from prescan import report
from prescan.cli import main
def broken(results, *_):
    raise KeyError(results[0].document.text)
report.write = broken
main(["scan", sys.argv[1]])
"""


def everything(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, those in archives too."""
    held = {}
    for path in folder.rglob("*"):
        if path.is_file():
            held[str(path)] = path.read_bytes()
    for name, data in list(held.items()):
        held.update({f"{name}!{inner}": content for inner, content in _inside(data).items()})
    return held


def _inside(data: bytes) -> dict[str, bytes]:
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {name: package.read(name) for name in package.namelist()}
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as package:
            return {one.name: package.extractfile(one).read() for one in package if one.isfile()}
    except tarfile.TarError:
        return {}


def leaks(held: dict[str, bytes]) -> list[tuple[str, str]]:
    """Return place of the value and name of the file, for each value that is in one, in any usual encoding."""
    return [
        (place, name)
        for name, data in held.items()
        for place, value in CANARIES.items()
        if any(value.encode(code) in data for code in ("utf-8", "utf-16-le", "utf-16-be")) or value in name
    ]


@pytest.fixture
def world(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Return a document, and an environment in which everything a program might write lies in one folder."""
    source = write(tmp_path / "in" / f"{IN_NAME}申请表.docx", document())
    folders = {name: str(tmp_path / "home" / name.lower()) for name in ("TMPDIR", "HOME", "XDG_CONFIG_HOME")}
    folders |= {name: str(tmp_path / "home" / name.lower()) for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME")}
    for folder in (*folders.values(), tmp_path / "out"):
        Path(folder).mkdir(parents=True)
    return source, {**os.environ, "PYTHONPATH": str(ROOT / "src"), **folders}


def test_no_default_output_log_or_file_holds_a_value(world: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    source, environment = world
    told = [sys.executable, "-P", "-c", SCRIPT, str(source), str(tmp_path / "out")]
    done = subprocess.run(told, env=environment, capture_output=True, timeout=900, check=True, cwd=tmp_path / "home")
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert {f"report.{kind}" for kind in WRITERS} - made <= {"report.marked", "report.referral"}
    assert {"decisions.json", "copy.docx", "a.sqlite", "audit"} <= made
    for rule_id in ("PII-001", "PII-030"):
        assert f"['rules', '{rule_id}'] 0" in done.stderr.decode()
    held = everything(tmp_path / "out") | everything(tmp_path / "home")
    assert len(held) > 30
    assert leaks({**held, "stdout": done.stdout, "stderr": done.stderr}) == []


def test_an_error_nobody_foresaw_shows_no_value(world: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    source, environment = world
    told = [sys.executable, "-P", "-c", CRASH, str(source)]
    done = subprocess.run(told, env=environment, capture_output=True, timeout=300, check=False, cwd=tmp_path / "home")
    assert done.returncode == 2
    assert "KeyError" in done.stderr.decode()
    assert leaks({"stdout": done.stdout, "stderr": done.stderr, **everything(tmp_path / "home")}) == []
