"""One LibreOffice for many files: what one file does to it costs that file only, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from needed import needs

import prescan
from prescan.formats import libreoffice

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAT = (Path(__file__).parent / "files" / "embedded.fodt").read_bytes()
#: The file that costs the program below its LibreOffice.
BAD = FLAT + b"<!-- bad -->"
#: Notes every call and its process, and does to LibreOffice what a bad file would.
PROGRAM = """#!/bin/sh
echo "$$ $*" >> {log}
for last; do :; done
if grep -q "<!-- bad -->" "$last" 2>/dev/null; then
    kill -{signal} "$(sed -n 's/ .*swriter$//p' {log} | tail -n 1)"
    [ {signal} = STOP ] || kill -{signal} $$
fi
exec {real} "$@"
"""
LONG = 120

pytestmark = [
    needs("soffice (LibreOffice)", there=bool(libreoffice.program())),
    pytest.mark.skipif(sys.platform != "linux", reason="LibreOffice stays on Linux only"),
]


class Noted:
    """A LibreOffice whose calls are noted, and the folder its files lie in."""

    def __init__(self, folder: Path, signal_: str) -> None:
        self.log, self.temp, self.path = folder / "log", folder / "temp", folder / "bin" / "soffice.bin"
        self.temp.mkdir()
        self.path.parent.mkdir()
        self.path.write_text(PROGRAM.format(log=self.log, signal=signal_, real=libreoffice.program()))
        self.path.chmod(0o755)
        self.path.with_name("soffice").symlink_to(self.path)

    @property
    def staying(self) -> list[int]:
        """The processes that were to stay, in their order."""
        lines = self.log.read_text().splitlines()
        return [int(line.split()[0]) for line in lines if line.endswith("swriter")]

    def left(self) -> list[Path]:
        """What still lies in its folder."""
        return list(self.temp.iterdir())


@pytest.fixture(params=["KILL"])
def noted(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Noted:
    made = Noted(tmp_path, request.param)
    monkeypatch.setattr("tempfile.tempdir", str(made.temp))
    monkeypatch.setenv("TMPDIR", str(made.temp))
    monkeypatch.setenv("PATH", str(made.path.parent), prepend=os.pathsep)
    return made


@pytest.fixture
def office() -> Iterator[libreoffice.Office]:
    made = libreoffice.Office()
    yield made
    made.close()


def gone(process_id: int) -> bool:
    """Return whether a process ends within seconds."""
    until = time.monotonic() + 10
    while Path(f"/proc/{process_id}").exists() and time.monotonic() < until:
        time.sleep(0.01)
    return not Path(f"/proc/{process_id}").exists()


def listens(folder: Path) -> list[Path]:
    """Return where LibreOffice listens: elsewhere than in its folder."""
    return [pipe for pipe in libreoffice._pipes(folder) if pipe.exists()]


def test_many_files_are_saved_by_one_process_and_nothing_is_left(noted: Noted, office: libreoffice.Office) -> None:
    saved = [office.save(str(noted.path), FLAT, target, LONG) for target in ("docx", "docx", "odt", "docx")]
    assert [data[:2] for data in saved] == [b"PK"] * 4
    (process_id,) = noted.staying
    (folder,) = noted.left()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.iterdir() if path.name not in {"profile", "tmp"}] == []
    assert [path for path in (folder / "tmp").rglob("*") if path.is_file() and path.stat().st_size] == []
    assert len(listens(folder)) == 1
    office.close()
    assert gone(process_id)
    assert noted.left() == listens(folder) == []


def test_a_process_is_replaced_after_so_many_files(
    noted: Noted, office: libreoffice.Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "_FILES_AT_MOST", 2)
    assert all(office.save(str(noted.path), FLAT, "docx", LONG) for _ in range(3))
    assert len(noted.staying) == 2


def test_a_crash_costs_the_file_only(noted: Noted, office: libreoffice.Office) -> None:
    """It is tried once more by itself, for those before it may have been the reason."""
    assert office.save(str(noted.path), FLAT, "docx", LONG)
    assert not office.save(str(noted.path), BAD, "docx", LONG)
    assert office.save(str(noted.path), FLAT, "docx", LONG)
    assert len(noted.staying) in {2, 3}  # one that was killed a moment ago may still seem to live
    assert gone(noted.staying[0])


@pytest.mark.parametrize("noted", ["STOP"], indirect=True)
def test_a_hang_costs_the_file_only(noted: Noted, office: libreoffice.Office) -> None:
    assert office.save(str(noted.path), FLAT, "docx", LONG)
    start = time.monotonic()
    assert not office.save(str(noted.path), BAD, "docx", 1)
    assert time.monotonic() - start < LONG / 4
    assert gone(noted.staying[0])
    assert office.save(str(noted.path), FLAT, "docx", LONG)
    assert len(noted.staying) == 2


def test_it_ends_when_nobody_asks(noted: Noted, office: libreoffice.Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "_IDLE_SECONDS", 0.01)
    assert office.save(str(noted.path), FLAT, "docx", LONG)
    assert gone(noted.staying[0])


def test_where_it_cannot_stay_every_file_has_its_own(noted: Noted, office: libreoffice.Office) -> None:
    """As where LibreOffice comes without Writer: it is tried once."""
    text = noted.path.read_text()
    noted.path.write_text(text.replace("for last", 'case "$*" in *swriter) exit 1;; esac\nfor last'))
    assert all(office.save(str(noted.path), FLAT, "docx", LONG) for _ in range(2))
    assert len(noted.staying) == 1
    office.close()
    assert noted.left() == []


def test_a_script_around_it_does_not_stay(noted: Noted, office: libreoffice.Office) -> None:
    """What it starts would outlive it."""
    assert office.save(str(noted.path.with_name("soffice")), FLAT, "docx", LONG)
    assert noted.staying == []


def test_a_batch_has_one_process_that_ends_with_the_worker(noted: Noted) -> None:
    """However the worker ends: killed from outside, too. What lay in its folders is removed."""
    paths = [noted.temp.parent / f"{number}.fodt" for number in range(3)]
    for path in paths:
        path.write_bytes(FLAT)
    with prescan.Scanner(prescan.Settings(limits=prescan.Limits(seconds=LONG))) as scanner:
        assert all("正文暗记" in result.document.text for result in scanner.pipe(paths, jobs=1))
        (process_id,) = noted.staying
        (worker,), (folder,) = scanner._workers.idle, noted.left()
        os.kill(worker.process_id, signal.SIGKILL)
        assert gone(process_id)
        assert "正文暗记" in scanner.scan_file(paths[0]).document.text
    assert len(noted.staying) == 2
    assert gone(noted.staying[1])
    assert noted.left() == listens(folder) == []
