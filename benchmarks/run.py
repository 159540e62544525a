"""`make bench`: what prescan costs, as ratios to the floor measured in the same run.

CPU seconds of this process for the work itself (reading and the whole scan in one process), wall time for what a user
waits for (a file through a worker; the first result of a fresh program; --help).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import floor
import rules_curve
from samples import SAMPLES, text_sample

from prescan.decisions import load_key
from prescan.formats import identify, read
from prescan.scanner import Scanner
from prescan.scanner.pipeline import Engine, today
from prescan.types import Block, Context, Document, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS: Final = 9
_MILLI: Final = 1_000
#: Goals of the design, with names: at most so many times the floor.
_GOALS: Final = {"docx": 30, "pdf": 5, "html": 30, "txt": None}


def cpu(work: Callable[[], object]) -> float:
    """Return the median CPU seconds of `work`, after one run to warm up."""
    return _median(work, time.process_time)


def wall(work: Callable[[], object]) -> float:
    """Return the median wall seconds of `work`, after one run to warm up."""
    return _median(work, time.perf_counter)


def _median(work: Callable[[], object], clock: Callable[[], float]) -> float:
    work()
    taken = []
    for _ in range(_ROUNDS):
        start = clock()
        work()
        taken.append(clock() - start)
    return statistics.median(taken)


def scan_here(engine: Engine, data: bytes, name: str) -> object:
    """Read and scan in this process, as a worker does."""
    found = identify(data, name)
    blocks = [item for item in read(data, found, engine.settings.limits) if isinstance(item, Block)]
    return engine.scan(Document.of(name, found.media_type, None, blocks), Context())


def read_here(engine: Engine, data: bytes, name: str) -> int:
    """Read only."""
    return sum(1 for _ in read(data, identify(data, name), engine.settings.limits))


def files(engine: Engine, scanner: Scanner) -> None:
    """Print a row a format."""
    print(f"{'':6}{'floor ms':>10}{'read ms':>9}{'scan ms':>9}{'scan/floor':>12}{'goal':>7}{'worker wall ms':>16}")
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in SAMPLES.items():
            data, name = make(), f"sample.{kind}"
            Path(folder, name).write_bytes(data)
            least = cpu(lambda kind=kind, data=data: floor.scan(floor.READERS[kind](data)))
            reading = cpu(lambda data=data, name=name: read_here(engine, data, name))
            whole = cpu(lambda data=data, name=name: scan_here(engine, data, name))
            waited = wall(lambda name=name: scanner.scan_file(Path(folder, name)))
            goal = f"≤ {_GOALS[kind]}" if _GOALS[kind] else ""
            row = (least * _MILLI, reading * _MILLI, whole * _MILLI, whole / least)
            print(f"{kind:6}{row[0]:10.2f}{row[1]:9.2f}{row[2]:9.2f}{row[3]:12.1f}{goal:>7}{waited * _MILLI:16.1f}")


def throughput(scanner: Scanner) -> None:
    """Print megabytes of plain text a second, for the whole pipeline."""
    for characters in (3_000, 300_000):
        text = text_sample(characters).decode()
        seconds = cpu(lambda text=text: scanner.scan_text(text))
        print(
            f"text of {characters:,} characters: {len(text.encode()) / 1e6 / seconds:.2f} MB/s, all rules and attribute"
        )


def starts() -> None:
    """Print what a user waits for at the start, and the memory of the program."""
    run = [sys.executable, "-c", "from prescan.cli import main; main()"]
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder, "sample.docx")
        sample.write_bytes(SAMPLES["docx"]())
        bare = wall(lambda: subprocess.run([sys.executable, "-c", ""], check=True))
        help_ = wall(lambda: subprocess.run([*run, "--help"], check=True, capture_output=True))
        first = wall(
            lambda: subprocess.run([*run, "scan", str(sample), "--fail-on", "never"], check=False, capture_output=True)
        )
    print(f"bare python {bare:.3f} s; --help {help_:.3f} s; first result of a ten-page docx {first:.3f} s")


def main() -> None:
    """Print every table."""
    settings = Settings()
    engine = Engine.load(settings, load_key(None)[0], today(settings))
    with Scanner(settings) as scanner:
        files(engine, scanner)
        throughput(scanner)
    rules_curve.main()
    starts()


if __name__ == "__main__":
    main()
