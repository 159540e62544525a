"""A folder as a reader would have it, and the programs the documents call, which here are those of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from pages import PARSED_ONLY, ROOT

if TYPE_CHECKING:
    from pathlib import Path

#: Files the documents speak of → what stands there. A folder ends with "/".
FILES: Final = {
    "草案.docx": ["会议纪要-修订.docx"],
    "名册.docx": ["低保花名册.docx"],
    "草案.txt": ["请示.txt"],
    "扫描件.pdf": ["信访答复.pdf"],
    "草稿.docx": ["红头通知.docx"],
    "待发布/": ["请示.txt", "红头通知.docx"],
    "网站镜像/": ["政务公开栏目.html", "补贴公示.pdf"],
    "已定属性/主动公开/": ["红头通知.docx"],
}
#: Words after which "prescan" is a user, a container or a service, not the program.
_NOT_A_CALL: Final = {"useradd", "systemctl", "podman", "install"}
#: A finding is no failure of a scan; that nothing ran is.
_PRESCAN: Final = """#!/bin/bash
case "$1 $2 " in
    {parsed}) set -- "$@" --help;;
esac
"{python}" -P -W ignore -c 'from prescan.cli import main; main()' "$@"
code=$?
case "$1 $code" in "scan 1"|"scan 3"|"audit 1"|"audit 3") exit 0;; esac
exit $code
"""
#: Nothing is installed: the extras asked for must be there.
_PIP: Final = """#!/bin/bash
exec "{python}" "{here}/fake_pip.py" "$@"
"""
_PYTHON: Final = """#!/bin/bash
exec "{python}" "$@"
"""
#: Nothing is made: the target must be there.
_MAKE: Final = """#!/bin/bash
for word in "$@"; do
    case "$word" in *=*|-*) continue;; esac
    grep -q "^$word:" "{root}/Makefile" || {{ echo "no target $word" >&2; exit 2; }}
done
"""


def prepare(folder: Path) -> dict[str, str]:
    """Fill a folder and return the environment its commands run in."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    for name, sources in FILES.items():
        target = folder / name
        (target if name.endswith("/") else target.parent).mkdir(parents=True, exist_ok=True)
        for source in sources:
            shutil.copy(ROOT / "examples" / source, target)
    programs = folder / ".bin"
    programs.mkdir()
    how = {
        "python": sys.executable,
        "root": ROOT,
        "here": ROOT / "tests" / "docs",
        "parsed": "|".join(f'"{words} "*' for words in PARSED_ONLY),
    }
    for name, text in {"prescan": _PRESCAN, "pip": _PIP, "make": _MAKE, "python3": _PYTHON}.items():
        (programs / name).write_text(text.format(**how), encoding="utf-8")
        (programs / name).chmod(stat.S_IRWXU)
    return {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "XDG_DATA_HOME": str(folder / ".data"),
    }


def shell(text: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run shell lines as they stand; the first that fails ends them."""
    return subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{text}"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
        check=False,
    )


def commands(text: str) -> list[list[str]]:
    """Return the prescan commands of shell lines, as words, up to a pipe or an end of command."""
    joined = re.sub(r"\\\n\s*", " ", text)
    found = []
    for line in joined.splitlines():
        for part in re.split(r"&&|\|\||[|;&]", line.partition(" #")[0]):
            words = part.split()
            at = next(
                (
                    n
                    for n, word in enumerate(words)
                    if (word == "prescan" and words[n - 1] != "-u") or word.endswith("/bin/prescan")
                ),
                None,
            )
            if at is not None and words[at + 1 :] and words[0] not in _NOT_A_CALL:
                found.append(words[at + 1 :])
    return found
