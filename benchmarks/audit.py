"""What an audit costs: pages a second, a second run over unchanged content, memory of the parent, two workers.

    python benchmarks/audit.py [--pages 1000 5000] [--size 35000] [--names off] [--pages-are site dense]
    python benchmarks/audit.py --slope 1000 5000 20000 50000 [--size 2000] [--plot slope.svg]

Every figure is of this machine and this run; ratios are of the same run. Sites are made in a temporary folder, each
audit runs in a process of its own. "two processes": two audits with one worker each, side by side, on half the pages.

Loading rules and models costs each worker a second once: what a CPU second gives is printed with it and, as it is in a
large audit, without it; `floor` is the least sound scan of a page (floor.py) in the same run.

The goal of items a CPU second is judged on pages as sites have them (`site`: of 35 KB a third is text, the rest menu,
tags, scripts and styles). `dense` pages have 35 KB of text alone, three times what is read and scanned on a real one.

`--slope` is one audit of each number of small pages (text alone, names off): what an item costs in a small and in a
large audit, and what the parent holds as it goes on.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import floor
import generated_site

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        memory.append([run.counts.items, round(resident_mb(), 1)])
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


def cpu(figures: dict[str, Any]) -> float:
    """Return the CPU seconds of parent and workers."""
    return float(figures["parent_cpu"] + figures["workers_cpu"])


def measure(root: Path, count: int, size: int, names: str, *, dense: bool) -> None:
    """Print the figures of a site of `count` pages."""
    made = generated_site
    root.mkdir()
    site, few = root / f"site{count}", root / "few"
    made.write_folder(site, count, count // 10, size=size, dense=dense)
    made.write_folder(few, 2, 0, size=size, dense=dense)
    start = cpu(done(started(few, root / "few.sqlite", 2, names)))
    halves = [root / f"half{count}-{number}" for number in (1, 2)]
    for number, half in enumerate(halves, 1):
        made.write_folder(half, count // 2, count // 20, size=size, dense=dense, seed=100 + number)
    both = done(started(site, root / f"{count}.sqlite", 2, names))
    again = done(started(site, root / f"{count}.sqlite", 2, names))
    begun = time.perf_counter()
    apart = [done(one) for one in [started(half, Path(f"{half}.sqlite"), 1, names) for half in halves]]
    wall = time.perf_counter() - begun
    one_items = sum(one["items"] for one in apart)
    rates = both["items"] / both["wall"], one_items / max(one["wall"] for one in apart)
    spent = cpu(both)
    floor_ms = _floor(made.pages(100, 0, size=size, dense=dense))
    kind = "text alone (dense)" if dense else "as on a site, a third text"
    goal = "no goal" if dense else f"goal {_GOALS[names]}"
    print(f"{count:,} pages of {size // 1000} KB, {kind}, and {count // 10:,} annexes, names {names}:")
    print(
        f"  items a CPU second {both['items'] / (spent - start):.0f}, with starting two workers "
        f"{both['items'] / spent:.0f} ({goal}); wall, two workers {rates[0]:.0f}/s"
    )
    print(
        f"  an item is {(spent - start) / both['items'] * 1e3 / floor_ms:.0f} × the floor of a page ({floor_ms:.2f} ms)"
    )
    print(f"  parent CPU {both['parent_cpu'] / both['items'] * 1e3:.2f} ms an item")
    print(f"  two workers against two processes: {rates[0] / rates[1]:.0%} (goal ≥ 85 %; {wall:.0f} s)")
    print(
        f"  second run {cpu(again) / spent:.1%} of the first in CPU, {again['wall'] / both['wall']:.1%} in wall "
        f"(goal ≤ 5 %; {cpu(again):.1f} s CPU, {again['wall']:.1f} s)"
    )
    rise = both["memory"][-1][1] - both["memory"][len(both["memory"]) // 4][1]
    print(f"  parent peak {both['peak_mb']:.0f} MB (goal ≤ 300), rise over the last three quarters {rise:+.1f} MB")
    print(f"  {both['wall'] / both['items'] * 1e3:.2f} ms an item\n", flush=True)


def _floor(pages: Iterable[generated_site.Page]) -> float:
    """Return what the least sound scan of a page costs, in ms."""
    data = [generated_site.as_html(page) for page in pages]
    begun = time.process_time()
    for one in data:
        floor.scan(floor.read_html(one))
    return (time.process_time() - begun) / len(data) * 1e3


def slope(root: Path, counts: list[int], size: int) -> list[list[float]]:
    """Print what an item costs and the parent holds in audits of so many pages; return memory by items of the last."""
    points: list[list[float]] = []
    print("    pages    items  CPU ms an item  wall ms an item  of the first  parent peak MB  second run CPU  wall")
    first = 0.0
    for count in counts:
        site, store = root / f"slope{count}", root / f"slope{count}.sqlite"
        generated_site.write_folder(site, count, count // 10, size=size, dense=True)
        whole, again = (done(started(site, store, 2, "off")) for _ in range(2))
        shutil.rmtree(site)
        cost = cpu(whole) / whole["items"] * 1e3
        first = first or cost
        print(
            f"{count:>9,} {whole['items']:>8,} {cost:>15.2f} {whole['wall'] / whole['items'] * 1e3:>16.2f} "
            f"{cost / first:>13.2f} {whole['peak_mb']:>15.0f} {cpu(again) / cpu(whole):>15.1%} "
            f"{again['wall'] / whole['wall']:>5.1%}",
            flush=True,
        )
        points = whole["memory"]
    half = [mb for items, mb in points if items >= points[-1][0] / 2]
    print(f"  parent, from the middle of the last audit to its end: {half[0]:.1f} → {half[-1]:.1f} MB\n", flush=True)
    return points


def plot(points: list[list[float]], path: Path) -> None:
    """Draw the memory of the parent over the items."""
    import pygal  # noqa: PLC0415  extra audit
    from pygal.style import CleanStyle  # noqa: PLC0415

    chart = pygal.XY(
        js=(),
        style=CleanStyle,
        title="parent process, resident MB",
        x_title="items",
        show_legend=False,
        show_dots=False,
    )
    chart.range = (0, max(100.0, *(mb for _, mb in points)))
    chart.add("MB", [(items, mb) for items, mb in points])
    drawn = chart.render(is_unicode=True, force_uri_protocol="https")
    path.write_text(re.sub("<script.*?</script>", "", drawn, flags=re.DOTALL), encoding="utf-8")


def main() -> None:
    """Print the figures of every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[1_000])
    parser.add_argument("--size", type=int, default=0, help="35,000, of --slope 2,000")
    parser.add_argument("--names", choices=["on", "off"], nargs="+", default=["off", "on"])
    parser.add_argument("--pages-are", dest="kinds", choices=["site", "dense"], nargs="+", default=["site", "dense"])
    parser.add_argument("--slope", type=int, nargs="+", metavar="PAGES")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.one:
        print(json.dumps(audit(*json.loads(said.one))))
        return
    with tempfile.TemporaryDirectory() as folder:
        if said.slope:
            points = slope(Path(folder), said.slope, said.size or 2_000)
            if said.plot:
                plot(points, said.plot)
            return
        for names, kind, count in itertools.product(said.names, said.kinds, said.pages):
            place = Path(folder) / f"{names}-{kind}-{count}"
            measure(place, count, said.size or 35_000, names, dense=kind == "dense")
            shutil.rmtree(place)


if __name__ == "__main__":
    main()
