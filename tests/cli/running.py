"""How the tests start the command line, and what they give it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from invented import RESIDENT_ID

ROOT = Path(__file__).parents[2]
RUN = "from prescan.cli import main; main()"
TEXT = f"身份证号：{RESIDENT_ID}\n"


def command(*arguments: str, package: Path = ROOT / "src", **more: str) -> dict[str, object]:
    """Return how the command line is started."""
    environment = {**os.environ, "PYTHONPATH": str(package), **more}
    return {"args": [sys.executable, "-P", "-W", "error", "-c", RUN, *arguments], "env": environment}


def prescan_with(*arguments: str, stdin: bytes = b"", **how) -> subprocess.CompletedProcess[bytes]:
    """Run the command line and check that nothing escaped as a traceback."""
    done = subprocess.run(**command(*arguments, **how), input=stdin, capture_output=True, timeout=100, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


def write(path: Path, content: str | bytes) -> Path:
    """Write a file, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
