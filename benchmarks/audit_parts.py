"""What a page costs in an audit, part by part: CPU ms a page, of workers and parent.

    python benchmarks/audit_parts.py [--pages 400] [--size 35000] [--names off on] [--kind site]

The parts of a worker are timed in this process, which answers the messages a worker gets; the parts of the parent in
an audit of the same pages, of which is told, to compare, what its worker spent without its start. `own` is what joins
the rooms, `pipe` the message, opening the file and making the answer. Times are of CPU; on a busy machine they are
still longer, so compare shares, and figures of one run.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import io
import resource
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import generated_site

if TYPE_CHECKING:
    from collections.abc import Callable

_SOURCE: Final = Path(__file__).resolve().parents[1] / "src"
_DAY: Final = datetime.date(2026, 11, 20)
_KEY: Final = bytes(range(32))


class Clocks:
    """CPU seconds by part; a part within a part counts for itself only."""

    def __init__(self) -> None:
        """Nothing was timed yet."""
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._within = 0.0

    def timed(self, part: str, do: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does `do` and counts its time."""

        @functools.wraps(do)
        def doing(*given: Any, **named: Any) -> Any:  # noqa: ANN401
            outside, self._within, begun = self._within, 0.0, time.thread_time()
            try:
                return do(*given, **named)
            finally:
                whole = time.thread_time() - begun
                self.spent[part] += whole - self._within
                self._within = outside + whole

        return doing


def in_worker(files: list[Path], settings: Any) -> defaultdict[str, float]:  # noqa: ANN401
    """Return the CPU seconds of what a worker does with these files, by part."""
    from prescan.scanner import pipeline, serving, wire  # noqa: PLC0415  the benchmark itself imports nothing of prescan
    from prescan.types import Context  # noqa: PLC0415

    served: Any = serving
    engine = pipeline.Engine.load(settings, _KEY)
    clocks, whole_read = Clocks(), served.read
    served.read = clocks.timed("read", lambda *given: list(whole_read(*given)))
    served.identify = clocks.timed("read", served.identify)
    served.brief_of = clocks.timed("brief", served.brief_of)
    for part, names in {"detect": ("detect", "resolve"), "attribute": ("features",), "judge": ("judge",)}.items():
        for name in names:
            setattr(pipeline, name, clocks.timed(part, getattr(pipeline, name)))
    object.__setattr__(engine.classifier, "score", clocks.timed("attribute", engine.classifier.score))
    object.__setattr__(engine, "scan", clocks.timed("own", engine.scan))
    answer = clocks.timed("pipe", lambda said: serving.answer(engine, wire.decode(said), io.BytesIO(), 1 << 40))
    context = Context(stage="published")
    for _ in range(2):  # in the first patterns are compiled and what is kept between files is filled: counted once a
        clocks.spent.clear()  # worker it is little in a large audit, and most of a small one
        for path in files:
            asked = {"op": "brief", "path": str(path), "name": path.name, "context": context, "day": _DAY}
            answer(wire.frame({**asked, "brief": True, "pictures": 0})[4:])
    return clocks.spent


def audited(site: Path, store: Path, settings: Any) -> tuple[defaultdict[str, float], float, float]:  # noqa: ANN401
    """Audit a site with one worker; return CPU seconds by part of the parent, its whole, and those of the worker."""
    from prescan.audit import places, run  # noqa: PLC0415
    from prescan.audit.batches import Order  # noqa: PLC0415
    from prescan.audit.plan import Plan  # noqa: PLC0415
    from prescan.audit.store import Store  # noqa: PLC0415
    from prescan.audit.together import Together  # noqa: PLC0415

    clocks = Clocks()
    hashing, writing = places.digest, Together.write
    places.digest = clocks.timed("hash", hashing)
    Together.write = clocks.timed("store", writing)  # type: ignore[method-assign]
    before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    try:
        with Store(store, _KEY, create=True) as held:
            order = Order((str(site),), settings, Plan(), _DAY, 1)
            begun = time.process_time()
            run.Run(held, order, _KEY, lambda _: None).work()
            whole = time.process_time() - begun
    finally:
        places.digest, Together.write = hashing, writing  # type: ignore[method-assign]
    return clocks.spent, whole, sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before


def table(root: Path, count: int, size: int, names: str, *, dense: bool) -> None:
    """Print the parts of an audit of `count` pages."""
    from prescan.types import Settings  # noqa: PLC0415

    settings = Settings(stage="published", names="on" if names == "on" else "off", jobs=1)
    generated_site.write_folder(root / "site", count, 0, size=size, dense=dense)
    generated_site.write_folder(root / "few", 2, 0, size=size, dense=dense)
    files = sorted(path for path in (root / "site").rglob("*") if path.is_file())
    start = audited(root / "few", root / f"few-{names}.sqlite", settings)
    own, parent, worker = audited(root / "site", root / f"{names}.sqlite", settings)
    inside = in_worker(files, settings)
    parts = ("read", "detect", "attribute", "judge", "own", "brief", "pipe")
    shown = [(f"worker: {part}", inside[part]) for part in parts]
    spent = (worker - start[2]) / len(files) * 1e3
    shown += [("parent: hash", own["hash"]), ("parent: store", own["store"])]
    shown.append(("parent: list, send, take, own", parent - start[1] - sum(own.values())))
    whole = sum(seconds for _, seconds in shown)
    kind = "text alone" if dense else "as on a site"
    print(f"{len(files):,} pages of {size // 1000} KB, {kind}, names {names}: CPU ms a page")
    for part, seconds in [*shown, ("all", whole)]:
        print(f"  {part:<30}{seconds / len(files) * 1e3:8.3f} {seconds / whole:7.1%}")
    print(f"  items a CPU second, without the start of a worker: {len(files) / whole:.0f}")
    print(f"  the worker of the audit spent {spent:.2f} ms a page\n", flush=True)


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--size", type=int, default=35_000)
    parser.add_argument("--names", nargs="+", choices=["off", "on"], default=["off", "on"])
    parser.add_argument("--kind", choices=["site", "dense"], default="site")
    said = parser.parse_args()
    sys.path.insert(0, str(_SOURCE))
    for names in said.names:
        with tempfile.TemporaryDirectory() as folder:
            table(Path(folder), said.pages, said.size, names, dense=said.kind == "dense")


if __name__ == "__main__":
    main()
