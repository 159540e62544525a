"""kill -9 at random moments, fifty times: the audit goes on after each, and says in the end what an unharmed one says.

    python benchmarks/audit_kill.py [--kills 50] [--pages 1500] [--longest 6]

When an audit ends before its next kill, it is compared and another begins on a new store.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import generated_site

_HERE: Final = Path(__file__).resolve()
_ASIDE: Final = frozenset({"first_on"})


def started(root: Path, name: str) -> subprocess.Popen[bytes]:
    """Start an audit of the site, or take it up again."""
    program = [sys.executable, "-c", "from prescan.cli import main; main()", "audit", "run", str(root / "site")]
    options = ["--store", f"{name}.sqlite", "--out", name, "--jobs", "2", "--today", "2026-11-20"]
    return subprocess.Popen([*program, *options], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def said(root: Path, name: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the doubts an audit wrote, in a fixed order and without what its own numbering makes, and its counts."""
    lines = (root / name / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    found = [{key: value for key, value in json.loads(line).items() if key not in _ASIDE} for line in lines]
    manifest = json.loads((root / name / "manifest.json").read_text(encoding="utf-8"))
    if manifest["batch"] != 1:
        raise SystemExit(f"{name}: a second batch was begun")
    return sorted(found, key=lambda one: (one["place"], one["rule_id"], one["level"])), manifest["counts"]


def over(store: Path) -> bool:
    """Return whether the audit had written its report: killed behind that, there is nothing left to take up."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
            return bool(db.execute("SELECT count(*) FROM batches WHERE reported IS NOT NULL").fetchone()[0])
    except sqlite3.OperationalError:  # killed before there was a store
        return False


def main() -> None:
    """Kill and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pages", type=int, default=1_500)
    parser.add_argument("--longest", type=float, default=6.0, help="seconds an audit lives at most before its kill")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)  # noqa: S311  moments, not secrets
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generated_site.write_folder(root / "site", asked.pages, asked.pages // 10, size=2_000, dense=True)
        os.environ["XDG_CONFIG_HOME"] = str(root)
        started(root, "whole").wait()
        whole = said(root, "whole")
        kills, audits = 0, 0
        while kills < asked.kills:
            audits += 1
            name = f"audit{audits}"
            while True:
                process = started(root, name)
                try:
                    process.wait(timeout=rng.uniform(0.2, asked.longest) if kills < asked.kills else None)
                    break
                except subprocess.TimeoutExpired:
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait()
                    kills += 1
                    time.sleep(0.05)
                    if over(root / f"{name}.sqlite"):
                        break
            if said(root, name) != whole:
                raise SystemExit(f"{name} differs after {kills} kills")
            print(f"{name}: the same result, {kills} kills so far", flush=True)
    print(f"{kills} kills, {audits} audits, {len(whole[0])} doubts each: nothing lost, nothing twice")


if __name__ == "__main__":
    main()
