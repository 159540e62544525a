"""LibreOffice as one process for many files, within the time and memory limits of the worker that uses it.

LibreOffice does not exit while a document is open. Starting the program again with the same profile hands the file to
the running process and waits until it is saved, which takes a fraction of a fresh start. The process has a folder of
its own (mode 0700) that is removed with it; macros are off, and every connection that a document asks for goes to a
closed port. It ends with the worker, however that ends, and after some idle time. Where no process can be kept running,
every file gets a process of its own.
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
#: The binary itself; `soffice` may be a script that waits for it, and killing the script would leave the binary alive.
_BINARY: Final = "soffice.bin"
#: The process is replaced after so many files, so that what documents leave in memory does not accumulate.
_FILES_AT_MOST: Final = 100
_IDLE_SECONDS: Final = 30.0
#: How long to wait for it to listen; on an idle machine it takes a tenth of a second.
_START_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.02
#: With a new profile LibreOffice exits once with this code and must be started again.
_RESTART_CODE: Final = 81
#: The first start only creates the profile; otherwise it would listen for a moment and then exit with that code.
_INITIALISE_ONLY: Final = "--terminate_after_init"
_DEAD_PROXY: Final = "http://127.0.0.1:9"
_DEVNULL: Final = subprocess.DEVNULL
#: An empty document, open for as long as the process is to stay.
_KEEP_ALIVE: Final = "private:factory/swriter"
#: Runs a command that the kernel kills when its parent is gone, even if that was killed (PR_SET_PDEATHSIG, SIGKILL).
_DIE_WITH_PARENT: Final = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); "
    "os.getppid() == int(sys.argv[1]) or sys.exit(1); os.execv(sys.argv[2], sys.argv[2:])"
)
#: No macros, no external links, and a proxy where nothing listens.
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
    """Return the path of LibreOffice, of its binary if that lies beside the program; None if not installed."""
    found = shutil.which(_PROGRAM)
    binary = Path(found).resolve().with_name(_BINARY) if found else None
    return str(binary) if binary and binary.exists() else found


def folder_prefix(process_id: int) -> str:
    """Return the prefix of the names of all temporary folders of a process."""
    return f"prescan-{process_id}-"


def remove_leftovers(process_id: int) -> None:
    """Remove the temporary folders of a process that was killed: they hold files being scanned."""
    try:
        for left in Path(tempfile.gettempdir()).resolve().glob(f"{folder_prefix(process_id)}*"):
            _remove(left)
    except OSError:  # no temporary directory
        return


#: Kinds of OpenDocument in one XML file: the word in the media type of its root → the name of LibreOffice's filter.
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
    """The LibreOffice of this process: started for the first file, and again after a file that crashed or hung it."""

    def __init__(self, *, stays: bool = sys.platform == "linux") -> None:
        """`stays`: keep a process running; only on Linux is it sure to end with this one. Nothing is started yet."""
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._stays = stays
        self._lock = threading.Lock()
        self._idle: threading.Timer | None = None

    def save(self, path: str, data: bytes, target: str, seconds: float) -> bytes:
        """Return the file as the LibreOffice at `path` saves it as `target`; b"" if it fails or is too slow."""
        deadline = time.monotonic() + seconds
        with self._lock:
            if self._idle:
                self._idle.cancel()
            if self._files >= _FILES_AT_MOST or not self._is_running():
                self._stop()
            already_converted = self._files
            saved = self._convert(path, data, target, deadline)
            if not saved and already_converted and time.monotonic() < deadline:  # earlier files may be to blame
                self._stop()
                saved = self._convert(path, data, target, deadline)
            self._idle = threading.Timer(_IDLE_SECONDS, self.close)
            self._idle.daemon = True
            self._idle.start()
        return saved

    def close(self) -> None:
        """End the process and remove its folder; the next file starts another."""
        with self._lock:
            self._stop()

    def _is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _convert(self, path: str, data: bytes, target: str, deadline: float) -> bytes:
        folder = self._folder or self._start(path, deadline)
        self._files += 1
        with tempfile.TemporaryDirectory(dir=folder) as name:
            source, result = Path(name, "in"), Path(name, "out", f"in.{target}")
            source.write_bytes(data)
            command = [*_command(path, folder), *_input_filter(data), "--convert-to", target]
            command += ["--outdir", str(result.parent), str(source)]
            code: int | None = _RESTART_CODE
            while code == _RESTART_CODE:
                code = _wait(_spawn(command, folder), deadline)
            if code is None:
                self._stop()
            return result.read_bytes() if result.exists() else b""

    def _start(self, path: str, deadline: float) -> Path:
        """Make the folder and, where one can be kept running, start the process; return the folder."""
        folder = Path(tempfile.mkdtemp(prefix=folder_prefix(os.getpid()))).resolve()
        self._folder = folder
        profile = folder / "profile" / "user"
        profile.mkdir(parents=True)
        (folder / "tmp").mkdir()
        (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        if self._stays and Path(path).name == _BINARY:
            command = _command(path, folder)
            _wait(_spawn([*command, _INITIALISE_ONLY], folder), deadline)
            self._process = _spawn([*command, _KEEP_ALIVE], folder)
            self._stays = _wait_until_listening(self._process, folder, min(deadline, time.monotonic() + _START_SECONDS))
        return folder

    def _stop(self) -> None:
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


def _input_filter(data: bytes) -> list[str]:
    """Return the filter option for OpenDocument in one XML file, which LibreOffice may take for an embedded kind."""
    root = _FLAT.search(data[:_HEAD])
    return [f"--infilter=OpenDocument {_FLAT_KINDS[root['kind']]} Flat XML"] if root else []


def _spawn(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """Start LibreOffice; its temporary files stay in the folder."""
    if sys.platform == "linux":
        command = [sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid()), *command]
    environment = {**os.environ, "http_proxy": _DEAD_PROXY, "https_proxy": _DEAD_PROXY, "TMPDIR": str(folder / "tmp")}
    return subprocess.Popen(  # noqa: S603  program and options are ours, the file lies in our folder
        command, env=environment, stdin=_DEVNULL, stdout=_DEVNULL, stderr=_DEVNULL
    )


def _wait_until_listening(process: subprocess.Popen[bytes], folder: Path, deadline: float) -> bool:
    """Wait until the process listens; if it does not by the deadline, kill it and return False."""
    while process.poll() is None and time.monotonic() < deadline:
        if any(pipe.exists() for pipe in _pipes(folder)):
            return True
        time.sleep(_POLL_SECONDS)
    process.kill()
    process.wait()
    return False


def _wait(process: subprocess.Popen[bytes], deadline: float) -> int | None:
    """Return the exit code of a process; None if it had to be killed at the deadline."""
    try:
        return process.wait(max(0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def _profile(folder: Path) -> str:
    return (folder / "profile").as_uri()


def _pipes(folder: Path) -> tuple[Path, ...]:
    """Return the paths where LibreOffice may make its pipe: the name depends on the profile, the folder is fixed."""
    digest = hashlib.md5(_profile(folder).encode("utf-16-le"), usedforsecurity=False).digest()
    owner = os.getuid() if hasattr(os, "getuid") else 0
    name = f"OSL_PIPE_{owner}_SingleOfficeIPC_{''.join(f'{byte:x}' for byte in digest)}"
    return Path("/tmp", name), Path("/var/tmp", name)  # noqa: S108  LibreOffice chooses the folder


def _remove(folder: Path) -> None:
    for pipe in _pipes(folder):
        pipe.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
