"""Files that only LibreOffice reads: it saves them in a format read here, where it is installed.

Of old formats these are damaged files and forms that are rare; Office's and UOF's XML files and xlsb are read in no
other way. LibreOffice works in a folder of its own that is removed again, without macros, and every connection that a
document asks for leads to a closed port.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prescan import formats
from prescan.errors import ReadError
from prescan.types import Block, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

_PROGRAM: Final = "soffice"
_INSTALL: Final = "安装 LibreOffice 后重扫可以读取，或用原软件另存为 docx、xlsx、pptx 后重扫"
_FAILED: Final = "LibreOffice 也未能读出，请用原软件打开并另存为 docx、xlsx、pptx 后重扫"
_PARTIAL: Final = "文件已损坏，文字由 LibreOffice 读出，可能不全，请用原软件打开核对"
#: The share of a file's time that LibreOffice may take: what it saves must still be read.
_SHARE: Final = 0.6
#: What is said first in a file tells the format to save it in; behind it may stand what is embedded.
_SIGNS: Final = {
    b"Excel.Sheet": "xlsx",
    b"opendocument.spreadsheet": "xlsx",
    b"xl/workbook": "xlsx",
    "电子表格".encode(): "xlsx",
    b"PowerPoint": "pptx",
    b"opendocument.presentation": "pptx",
    "演示文稿".encode(): "pptx",
}
_SIGN: Final = re.compile(b"|".join((*_SIGNS, rb"opendocument\.text|Word\.Document")))
_HEAD: Final = 1 << 16
_NOBODY: Final = "http://127.0.0.1:9"
_NONE: Final = subprocess.DEVNULL
#: With a new profile LibreOffice ends with this code once, and wants to be started again.
_START_AGAIN: Final = 81
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


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what the file says. Raises ReadError: external_tool without LibreOffice or if it cannot read the file."""
    yield from _converted(data, _target(data[:_HEAD]), limits, ReadError("external_tool", _INSTALL))


def read_again(data: bytes, target: str, limits: Limits, error: ReadError) -> Iterator[Block | Unread]:
    """Yield what LibreOffice makes of a file that could not be read for `error`. Raises it if nothing comes of it."""
    yield from _converted(data, target, limits, ReadError(error.code, f"{error.detail}；{_INSTALL}"))
    if error.code == "corrupted":
        yield Unread("", "corrupted", _PARTIAL)


def scratch(process_id: int) -> str:
    """Return how the names of the folders begin that a process makes: whoever kills it removes them."""
    return f"prescan-{process_id}-"


def _converted(data: bytes, target: str, limits: Limits, without: ReadError) -> Iterator[Block | Unread]:
    """Read the file that LibreOffice saves. Raises `without` if there is none."""
    program = _program()
    if not program:
        raise without
    saved = _saved(program, data, target, limits.seconds * _SHARE)
    if not saved:
        raise ReadError(without.code, _FAILED)
    for item in formats.read(saved, formats.FORMATS[target], limits):
        if isinstance(item, Block) and item.location.part == "metadata":
            continue  # what LibreOffice writes into every file it saves
        yield replace(item, name="") if isinstance(item, Unread) else item


def _target(head: bytes) -> str:
    """Return the key of the format that a file is to be saved in."""
    sign = _SIGN.search(head)
    return _SIGNS.get(sign[0], "docx") if sign else "docx"


def _program() -> str | None:
    """Return the path of LibreOffice itself: a script around it would outlive its time limit."""
    found = shutil.which(_PROGRAM)
    beside = Path(found).resolve().with_name("soffice.bin") if found else None
    return str(beside) if beside and beside.exists() else found


def _saved(program: str, data: bytes, target: str, seconds: float) -> bytes:
    """Return the file as LibreOffice saves it, or nothing."""
    with tempfile.TemporaryDirectory(prefix=scratch(os.getpid())) as name:  # 0700
        folder = Path(name)
        profile = folder / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        (folder / "in").write_bytes(data)
        command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", target, "--outdir", str(folder / "out"), str(folder / "in")]
        (folder / "out").mkdir()
        _run(command, time.monotonic() + seconds)
        made = folder / "out" / f"in.{target}"
        return made.read_bytes() if made.exists() else b""


def _run(command: list[str], until: float) -> None:
    """Run LibreOffice, with a new profile twice. What comes of it is for the caller to see."""
    environment = {**os.environ, "http_proxy": _NOBODY, "https_proxy": _NOBODY}
    code = _START_AGAIN
    while code == _START_AGAIN:
        try:
            code = subprocess.run(  # noqa: S603  program and options are ours, the file lies in our folder
                command,
                check=False,
                timeout=max(0, until - time.monotonic()),
                env=environment,
                stdin=_NONE,
                stdout=_NONE,
                stderr=_NONE,
            ).returncode
        except (OSError, subprocess.TimeoutExpired):
            return
