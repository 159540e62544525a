"""What an audit costs: pages a second, a second run over unchanged content, memory of the parent, two workers.

    python benchmarks/audit.py [--pages 1000 5000] [--size 35000] [--names off] [--plot slope.svg]

Every figure is of this machine and this run; ratios are of the same run. Sites are made in a temporary folder, each
audit runs in a process of its own. "two processes": two audits with one worker each, side by side, on half the pages.
"""

from __future__ import annotations

import argparse
import datetime
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import generated_site

_HERE: Final = Path(__file__).resolve()
_GOALS: Final = {"off": 160, "on": 60}
_EVERY: Final = 250


def audit(source: str, store: str, jobs: int, names: str) -> dict[str, Any]:
    """Run an audit in this process and return its figures; memory every 250 items."""
    from prescan.audit.batches import Order  # noqa: PLC0415  the program itself imports nothing of prescan
    from prescan.audit.plan import Plan  # noqa: PLC0415
    from prescan.audit.run import Run  # noqa: PLC0415
    from prescan.audit.store import Store  # noqa: PLC0415
    from prescan.decisions import load_key  # noqa: PLC0415
    from prescan.types import Settings  # noqa: PLC0415

    key, memory = load_key(None)[0], []
    settings = Settings(stage="published", names="on" if names == "on" else "off", jobs=jobs)
    order = Order((source,), settings, Plan(), datetime.date(2026, 11, 20), jobs)

    def step(counts: Any) -> None:  # noqa: ANN401
        if (counts.items + counts.done_before) % _EVERY == 0:
            memory.append([counts.items, round(resident_mb(), 1)])

    with Store(store, key, create=True) as held:
        run = Run(held, order, key, step)
        begun, used = time.perf_counter(), time.process_time()
        run.work()
        seconds = run.store.value("SELECT max(seconds) FROM runs")
        return {
            "wall": time.perf_counter() - begun,
            "seconds": seconds,
            "parent_cpu": time.process_time() - used,
            "items": run.counts.items,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "workers_cpu": sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]),
            "memory": memory,
        }


def resident_mb() -> float:
    """Return what this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def started(source: Path, store: Path, jobs: int, names: str) -> subprocess.Popen[str]:
    """Start `audit` in a process of its own."""
    order = json.dumps([str(source), str(store), jobs, names])
    return subprocess.Popen([sys.executable, str(_HERE), "--one", order], stdout=subprocess.PIPE, text=True)


def done(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Return what an audit printed."""
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"an audit ended with {process.returncode}")
    return dict(json.loads(said))


def measure(root: Path, count: int, size: int, names: str) -> list[list[float]]:
    """Print the figures of a site of `count` pages; return the memory of the parent by items."""
    made = generated_site
    site = root / f"site{count}"
    made.write_folder(site, count, count // 10, size=size)
    halves = [root / f"half{count}-{number}" for number in (1, 2)]
    for number, half in enumerate(halves, 1):
        made.write_folder(half, count // 2, count // 20, size=size, seed=100 + number)
    both = done(started(site, root / f"{count}.sqlite", 2, names))
    again = done(started(site, root / f"{count}.sqlite", 2, names))
    begun = time.perf_counter()
    apart = [done(one) for one in [started(half, Path(f"{half}.sqlite"), 1, names) for half in halves]]
    wall = time.perf_counter() - begun
    one_items = sum(one["items"] for one in apart)
    rates = both["items"] / both["wall"], one_items / max(one["wall"] for one in apart)
    per_core = both["items"] / (both["workers_cpu"] + both["parent_cpu"])
    print(f"{count:,} pages of {size // 1000} KB and {count // 10:,} annexes, names {names}:")
    print(
        f"  items a CPU second {per_core:.0f} (goal {_GOALS[names]}, 35 KB pages); wall, two workers {rates[0]:.0f}/s"
    )
    print(f"  parent CPU {both['parent_cpu'] / both['items'] * 1e3:.2f} ms an item")
    print(f"  two workers against two processes: {rates[0] / rates[1]:.0%} (goal ≥ 85 %; {wall:.0f} s)")
    print(f"  second run {again['wall'] / both['wall']:.1%} of the first (goal ≤ 5 %; {again['wall']:.1f} s)")
    rise = both["memory"][-1][1] - both["memory"][len(both["memory"]) // 4][1]
    print(f"  parent peak {both['peak_mb']:.0f} MB (goal ≤ 300), rise over the last three quarters {rise:+.1f} MB")
    print(f"  {both['wall'] / both['items'] * 1e3:.2f} ms an item\n", flush=True)
    return [list(point) for point in both["memory"]]


def plot(points: list[list[float]], path: Path) -> None:
    """Draw the memory of the parent over the items."""
    import pygal  # noqa: PLC0415  extra audit

    chart = pygal.XY(js=(), title="resident memory of the parent, MB", x_title="items", stroke=True, show_legend=False)
    chart.add("MB", [(items, mb) for items, mb in points])
    chart.render_to_file(str(path))


def main() -> None:
    """Print the figures of every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[1_000, 4_000])
    parser.add_argument("--size", type=int, default=35_000)
    parser.add_argument("--names", choices=["on", "off"], default="off")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.one:
        print(json.dumps(audit(*json.loads(said.one))))
        return
    with tempfile.TemporaryDirectory() as folder:
        for count in said.pages:
            points = measure(Path(folder), count, said.size, said.names)
    if said.plot:
        plot(points, said.plot)


if __name__ == "__main__":
    main()
