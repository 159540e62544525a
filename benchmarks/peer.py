"""Presidio beside prescan: the same types, the same texts, the same run, CPU seconds of one process each."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prescan.numbers import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.rules import Rule

#: A Python with presidio-analyzer; `make bench` makes one, in a folder of its own.
PYTHON: Final = Path(os.environ.get("PRESIDIO_PYTHON", ".venv/presidio/bin/python"))
_SCRIPT: Final = Path(__file__).with_name("presidio_peer.py")
_SECONDS_AT_MOST: Final = 600


def presidio(texts: Sequence[str], rules: Sequence[Rule]) -> dict[str, float] | str:
    """Return the seconds Presidio takes, without and with names, or why it was not measured."""
    if not PYTHON.exists():
        return f"{PYTHON} is not there (set PRESIDIO_PYTHON to a Python with presidio-analyzer and jieba)"
    numbers = [_recognizer(rule) for rule in rules if rule.kind == "number"]
    given = json.dumps({"numbers": numbers, "texts": list(texts)})
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        done = subprocess.run(
            [str(PYTHON), "-P", str(_SCRIPT)],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS_AT_MOST,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return f"it took more than {_SECONDS_AT_MOST} s"
    if done.returncode:
        return f"it failed: {done.stderr.strip().splitlines()[-1][:200] if done.stderr.strip() else done.returncode}"
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said


def _recognizer(rule: Rule) -> dict[str, object]:
    pattern = rf"(?<![0-9A-Za-z])(?:{NUMBERS[rule.number].PATTERN})(?![0-9A-Za-z])"
    return {"type": rule.type, "regex": pattern, "cues": list(rule.cues)}
