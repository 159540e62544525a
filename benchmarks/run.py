"""`make bench`: what prescan costs, as ratios to the floor measured in the same run.

CPU seconds of this process for the work itself (reading and the whole scan in one process), wall time for what a user
waits for (a file through a worker; the first result of a fresh program; --help).

python benchmarks/run.py [FOLDER]   FOLDER: published documents (*.txt) of which only the speed is printed
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import floor
import office
import rules_curve
from peer import presidio
from samples import SAMPLES, SMALL, TEXTS

from prescan.decisions import load_key
from prescan.detect import Reading, detect
from prescan.detect.resolve import Identity, resolve
from prescan.formats import identify, read
from prescan.formats.text import lines
from prescan.scanner import Scanner
from prescan.scanner.day import today
from prescan.scanner.pipeline import Engine
from prescan.types import Block, Context, Document, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROUNDS: Final = 9
_MILLI: Final = 1_000
_READ_GOAL: Final = "≤ 2"
_SMALL_FILES: Final = 200
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
    return engine.scan(Document.of(name, found.media_type, None, blocks), Context(), today(Settings()))


def scan_least(do: Callable[[bytes], str], data: bytes) -> int:
    """Read with the reader of the floor, and look for its words."""
    return floor.scan(do(data))


def read_here(engine: Engine, data: bytes, name: str) -> int:
    """Read only."""
    return sum(1 for _ in read(data, identify(data, name), engine.settings.limits))


def files(engine: Engine, scanner: Scanner) -> None:
    """Print a row a format."""
    print(
        f"{'':6}{'floor ms':>10}{'read ms':>9}{'read/floor':>12}{'goal':>6}"
        f"{'scan ms':>9}{'scan/floor':>12}{'goal':>7}{'worker wall ms':>16}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in SAMPLES.items():
            data, name = make(), f"sample.{kind}"
            Path(folder, name).write_bytes(data)
            least = cpu(partial(scan_least, floor.READERS[kind], data))
            reading = cpu(partial(read_here, engine, data, name))
            whole = cpu(partial(scan_here, engine, data, name))
            waited = wall(partial(scanner.scan_file, Path(folder, name)))
            goal = f"≤ {_GOALS[kind]}" if _GOALS[kind] else ""
            print(
                f"{kind:6}{least * _MILLI:10.2f}{reading * _MILLI:9.2f}{reading / least:12.1f}{_READ_GOAL:>6}"
                f"{whole * _MILLI:9.2f}{whole / least:12.1f}{goal:>7}{waited * _MILLI:16.1f}"
            )


def small_files(scanner: Scanner) -> None:
    """Print what reading many small files costs against the floor, in a batch and one by one.

    CPU of both processes, wall time with one worker: in a batch it reads on while the caller takes in what came.
    """
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in SMALL.items():
            data = make()
            paths = [Path(folder, f"{number}.{kind}") for number in range(_SMALL_FILES)]
            for path in paths:
                path.write_bytes(data)

            def floors(kind: str = kind, paths: list[Path] = paths) -> None:
                for path in paths:
                    floor.scan(floor.READERS[kind](path.read_bytes()))

            def batch(paths: list[Path] = paths) -> None:
                for _ in scanner.load_documents(paths):
                    pass

            def single(paths: list[Path] = paths) -> None:
                for path in paths:
                    scanner.load_document(path)

            used, waited = (_median(floors, clock) / _SMALL_FILES for clock in (time.process_time, time.perf_counter))
            print(f"{_SMALL_FILES} small {kind} files: floor {used * _MILLI:.2f} ms each; a worker (goal {_READ_GOAL})")
            for way, work in (("in a batch", batch), ("one by one", single)):
                cost, time_ = (_median(work, clock) / _SMALL_FILES for clock in (_cpu_of_both, time.perf_counter))
                print(
                    f"    {way}: CPU {cost * _MILLI:.2f} ms, {cost / used:.1f} times; wall {time_ * _MILLI:.2f} ms, "
                    f"{time_ / waited:.1f} times"
                )


def _cpu_of_both() -> float:
    """Return the CPU seconds of this process and of its workers."""
    tasks = Path("/proc/self/task").glob("*/children")
    children = {child for task in tasks for child in task.read_text(encoding="ascii").split()}
    spent = [Path(f"/proc/{child}/schedstat").read_text(encoding="ascii").split()[0] for child in children]
    return time.process_time() + sum(map(int, spent)) / 1e9


def throughput(engines: dict[str, Engine], folder: Path | None = None) -> None:
    """Print megabytes of text a second, one call a document, and Presidio on the same texts; `folder` has more."""
    samples = {name: texts() for name, texts in TEXTS.items()}
    if folder:
        samples["published documents"] = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    print(f"\n{'MB/s of text':34}{'numbers+rules':>14}{'all but names':>15}{'everything':>12}{'Presidio':>26}")
    for name, held in samples.items():
        size = sum(len(text.encode()) for text in held) / 1e6
        rules = size / cpu(partial(rules_only, engines["off"], held))
        nameless = size / cpu(partial(whole, engines["off"], held))
        everything = size / cpu(partial(whole, engines["on"], held))
        row = f"{name:34}{rules:14.2f}{nameless:15.2f}{everything:12.2f}"
        said = presidio(held, engines["on"].rules.base.rules)
        if isinstance(said, str):
            print(f"{row}   not measured: {said}")
            continue
        numbers, names = size / said["numbers"], size / said["names"]
        print(
            f"{row}   numbers {numbers:.3f} (prescan {rules / numbers:.1f}×), with names {names:.3f} (prescan "
            f"{everything / names:.1f}×)"
        )
    print("goals: plain text numbers+rules ≥ 3, ordinary (published) documents everything ≥ 0.5, 10 times Presidio")


def rules_only(engine: Engine, texts: Sequence[str]) -> None:
    """Find and resolve, without the attribute and the judgement."""
    rules = engine.rules
    for text in texts:
        reading = Reading.of(Document.of("", "text/plain", None, lines(text)))
        resolve(detect(reading, rules, "draft"), reading, rules.rules, Identity(b"", ""))


def whole(engine: Engine, texts: Sequence[str]) -> None:
    """Scan as `scan_text` does."""
    for text in texts:
        engine.scan(Document.of("", "text/plain", None, lines(text)), Context(), today(Settings()))


def memory() -> None:
    """Print the peak memory of a process that has loaded everything and read a file of each format."""
    code = (
        "import resource, sys; sys.path[:0] = [sys.argv[1]]\n"
        "import run\n"
        "from samples import SAMPLES, text_sample\n"
        "engine = run.Engine.load(run.Settings(), b'key')\n"
        "for kind, make in SAMPLES.items(): run.scan_here(engine, make(), f'sample.{kind}')\n"
        "run.whole(engine, [text_sample(300_000).decode()])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent)], check=True, capture_output=True, text=True
    )
    print(f"peak memory with everything loaded: {done.stdout.strip()} MB (goal ≤ 400)")


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
    key = load_key(None)[0]
    engines = {
        names: Engine.load(settings, key) for names, settings in (("on", Settings()), ("off", Settings(names="off")))
    }
    with Scanner() as scanner:
        files(engines["on"], scanner)
        small_files(scanner)
    throughput(engines, Path(sys.argv[1]) if sys.argv[1:] else None)
    rules_curve.main()
    office.main()
    starts()
    memory()


if __name__ == "__main__":
    main()
