"""LibreOffice as one process for many files, under the time and memory of the worker that asks for them.

A LibreOffice that has a document open stays. Who calls the program with the same profile hands it his file and waits
until it is saved: a fraction of the time that a start takes. It works in a folder of its own (0700) that is removed
with it, without macros, and every connection that a document asks for leads to a closed port. It ends with the worker,
however that ends, and when nobody asks for a while. Where it does not stay, every file has a process of its own.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

_PROGRAM: Final = "soffice"
#: The program itself; a script around it would outlive what ends it.
_ITSELF: Final = "soffice.bin"
#: What a document leaves behind in the process does not add up.
_FILES_AT_MOST: Final = 100
_IDLE_SECONDS: Final = 30.0
#: It listens after a tenth of a second on a machine that is not busy.
_START_SECONDS: Final = 10.0
_LOOK_EVERY: Final = 0.02
#: With a new profile LibreOffice ends with this code once, and wants to be started again.
_START_AGAIN: Final = 81
#: Its first start makes the profile, or it would listen for a moment and then end with that code.
_PREPARE: Final = "--terminate_after_init"
_NOBODY: Final = "http://127.0.0.1:9"
_NONE: Final = subprocess.DEVNULL
#: The document that keeps it from ending.
_STAY: Final = "private:factory/swriter"
#: The system ends the process when the one that started it is gone (PR_SET_PDEATHSIG, SIGKILL), were it killed itself.
_TIED: Final = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); "
    "os.getppid() == int(sys.argv[1]) or sys.exit(1); os.execv(sys.argv[2], sys.argv[2:])"
)
#: No macros, no links to elsewhere, and a proxy that nobody answers at.
_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>1</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetNoProxy" oor:op="fuse"><value></value></prop></item>
</oor:items>
"""


def program() -> str | None:
    """Return the path of LibreOffice, of the program itself if it is known where that lies."""
    found = shutil.which(_PROGRAM)
    beside = Path(found).resolve().with_name(_ITSELF) if found else None
    return str(beside) if beside and beside.exists() else found


def scratch(process_id: int) -> str:
    """Return how the names of the folders begin that a process makes."""
    return f"prescan-{process_id}-"


def clear(process_id: int) -> None:
    """Remove what a process that was killed had no time to remove: files lie there."""
    try:
        for left in Path(tempfile.gettempdir()).resolve().glob(f"{scratch(process_id)}*"):
            _remove(left)
    except OSError:  # there is no place for such folders
        return


#: OpenDocument in one XML file, by what its root says it is.
_FLAT_KINDS: Final = {
    b"text": "Text",
    b"spreadsheet": "Spreadsheet",
    b"presentation": "Presentation",
    b"graphics": "Drawing",
}
_FLAT: Final = re.compile(
    rb"<office:document\s[^>]*office:mimetype=.application/vnd\.oasis\.opendocument\.(?P<kind>%b)\b"
    % b"|".join(_FLAT_KINDS)
)
_HEAD: Final = 1 << 12


class Office:
    """The LibreOffice of this process: started for the first file, and anew after one that cost it."""

    def __init__(self, *, stays: bool = sys.platform == "linux") -> None:
        """Nothing is started before the first file. Elsewhere than on Linux a process that stays might be left over."""
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._stays = stays
        self._lock = threading.Lock()
        self._idle: threading.Timer | None = None

    def save(self, path: str, data: bytes, target: str, seconds: float) -> bytes:
        """Return the file as the LibreOffice at `path` saves it in the format `target`, or nothing."""
        until = time.monotonic() + seconds
        with self._lock:
            if self._idle:
                self._idle.cancel()
            if self._files >= _FILES_AT_MOST or not self._lives():
                self._end()
            others = self._files
            saved = self._saved(path, data, target, until)
            if not saved and others and time.monotonic() < until:  # no file is worse off for those before it
                self._end()
                saved = self._saved(path, data, target, until)
            self._idle = threading.Timer(_IDLE_SECONDS, self.close)
            self._idle.daemon = True
            self._idle.start()
        return saved

    def close(self) -> None:
        """End the process and remove its folder; the next file starts another."""
        with self._lock:
            self._end()

    def _lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _saved(self, path: str, data: bytes, target: str, until: float) -> bytes:
        folder = self._folder or self._begin(path, until)
        self._files += 1
        with tempfile.TemporaryDirectory(dir=folder) as name:
            given, made = Path(name, "in"), Path(name, "out", f"in.{target}")
            given.write_bytes(data)
            command = [*_command(path, folder), *_reader(data), "--convert-to", target]
            command += ["--outdir", str(made.parent), str(given)]
            code: int | None = _START_AGAIN
            while code == _START_AGAIN:
                code = _waited(_started(command, folder), until)
            if code is None:
                self._end()
            return made.read_bytes() if made.exists() else b""

    def _begin(self, path: str, until: float) -> Path:
        """Make the folder and, where it can stay, start the process that stays; return the folder."""
        folder = Path(tempfile.mkdtemp(prefix=scratch(os.getpid()))).resolve()
        self._folder = folder
        profile = folder / "profile" / "user"
        profile.mkdir(parents=True)
        (folder / "tmp").mkdir()
        (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        if self._stays and Path(path).name == _ITSELF:
            command = _command(path, folder)
            _waited(_started([*command, _PREPARE], folder), until)
            self._process = _started([*command, _STAY], folder)
            self._stays = _is_heard(self._process, folder, min(until, time.monotonic() + _START_SECONDS))
        return folder

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        if self._folder:
            _remove(self._folder)
        self._process, self._folder, self._files = None, None, 0


OFFICE: Final = Office()
atexit.register(OFFICE.close)


def _command(path: str, folder: Path) -> list[str]:
    return [path, f"-env:UserInstallation={_profile(folder)}", "--headless", "--norestore", "--nologo"]


def _reader(data: bytes) -> list[str]:
    """Return how OpenDocument in one XML file is to be read: what is embedded may mislead LibreOffice."""
    root = _FLAT.search(data[:_HEAD])
    return [f"--infilter=OpenDocument {_FLAT_KINDS[root['kind']]} Flat XML"] if root else []


def _started(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """Start LibreOffice; what it writes on the way stays in the folder."""
    if sys.platform == "linux":
        command = [sys.executable, "-I", "-S", "-c", _TIED, str(os.getpid()), *command]
    environment = {**os.environ, "http_proxy": _NOBODY, "https_proxy": _NOBODY, "TMPDIR": str(folder / "tmp")}
    return subprocess.Popen(  # noqa: S603  program and options are ours, the file lies in our folder
        command, env=environment, stdin=_NONE, stdout=_NONE, stderr=_NONE
    )


def _is_heard(process: subprocess.Popen[bytes], folder: Path, until: float) -> bool:
    """Tell whether the process that is to stay listens; if not, it is ended."""
    while process.poll() is None and time.monotonic() < until:
        if any(pipe.exists() for pipe in _pipes(folder)):
            return True
        time.sleep(_LOOK_EVERY)
    process.kill()
    process.wait()
    return False


def _waited(process: subprocess.Popen[bytes], until: float) -> int | None:
    """Return the code a process ends with; None if it has to be killed."""
    try:
        return process.wait(max(0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def _profile(folder: Path) -> str:
    return (folder / "profile").as_uri()


def _pipes(folder: Path) -> tuple[Path, ...]:
    """Return where LibreOffice listens: a name made of its profile's, in a folder that it takes from nobody."""
    digest = hashlib.md5(_profile(folder).encode("utf-16-le"), usedforsecurity=False).digest()
    owner = os.getuid() if hasattr(os, "getuid") else 0
    name = f"OSL_PIPE_{owner}_SingleOfficeIPC_{''.join(f'{byte:x}' for byte in digest)}"
    return Path("/tmp", name), Path("/var/tmp", name)  # noqa: S108  where it lies is not ours to choose


def _remove(folder: Path) -> None:
    for pipe in _pipes(folder):
        pipe.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
