"""What an audit promises, proved on a generated site: every planted leak and nothing else, however it is read.

    python benchmarks/audit_proof.py [--pages 2000] [--annexes 200] [--only identity troubles browser] [--dense]

identity   folder, WARC, CMS export, shards merged and Spark (where it is installed) say the same; planted leaks; ids
again      a second run over unchanged content
troubles   a full disk, a store in use, a corrupt WARC record, poisonous files: unread, or one sentence, and resumed
browser    a report of 50,000 doubts opened in Chromium (where it and Playwright are there), with pictures
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import generated_site
import generated_words

if TYPE_CHECKING:
    from types import ModuleType

_HERE: Final = Path(__file__).resolve()
_DAY: Final = "2026-11-20"
#: What differs between ways of reading: the export holds a page without the site around it.
_OF_EXPORT: Final = frozenset({"sha256", "places", "said", "findings"})
#: Doubts of what stands around a page, or of where in the whole something stands: an export cannot have them.
_AROUND: Final = frozenset({"hidden_text", "approval_required"})
_GOAL_AGAIN: Final = 0.05
_GOAL_SECONDS: Final = 2.0
_NOT_RUN: Final = 2


class Place:
    """A folder with the settings of the proof, and `prescan audit` run in it."""

    def __init__(self, root: Path, names: str, *, dense: bool) -> None:
        """Make the settings; `dense`: next to nothing stands around the pages."""
        self.root = root
        self.aside = frozenset() if dense else _AROUND
        (root / "a.key").write_text("5a" * 32, encoding="ascii")
        (root / "prescan.toml").write_text(f'key_file = "a.key"\nnames = "{names}"\n', encoding="utf-8")
        (root / "plan.toml").write_text('base_url = "https://www.qinghe.example/"\n', encoding="utf-8")

    def audit(self, *arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
        """Run a command of the audit."""
        program = [sys.executable, "-c", "from prescan.cli import main; main()", "audit", *arguments]
        return subprocess.run(program, cwd=self.root, capture_output=True, text=True, check=False, **how)

    def look(self, source: str, name: str, *more: str) -> float:
        """Run an audit of a source; return its seconds. Ends the proof if it could not run."""
        begun = time.monotonic()
        options = ["--store", f"{name}.sqlite", "--out", name, "--plan", "plan.toml", "--today", _DAY, "--jobs", "2"]
        done = self.audit("run", source, *options, *more)
        if done.returncode not in {0, 1, 3}:
            raise SystemExit(f"FAILED  {name}: {done.stderr.strip()}")
        return time.monotonic() - begun

    def said(self, name: str, aside: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
        """Return the doubts an audit wrote, in a fixed order."""
        lines = (self.root / name / "findings.jsonl").read_text(encoding="utf-8").splitlines()
        found = [{key: value for key, value in json.loads(line).items() if key not in aside} for line in lines]
        return sorted(found, key=lambda one: (one["place"], one["rule_id"], one["level"]))

    def exported(self, name: str) -> list[dict[str, Any]]:
        """Return of the doubts an audit wrote what an export and the pages of the site must have in common."""
        return [one for one in self.said(name, _OF_EXPORT) if one["type"] not in self.aside]


def expect(holds: bool, what: str) -> None:  # noqa: FBT001
    """End the proof if something does not hold."""
    if not holds:
        raise SystemExit(f"FAILED  {what}")
    print(f"  ok    {what}", flush=True)


def identity(place: Place, made: ModuleType, how: dict[str, int], counts: tuple[int, int]) -> None:
    """Read one site every way there is."""
    out = place.root / "site"
    made.write_folder(out / "folder", *counts, **how)
    made.write_warc(out / "site.warc.gz", *counts, **how)
    made.write_export(out / "export" / "site.csv", *counts, **how)
    seconds = place.look("site/folder", "folder")
    found = place.said("folder")
    items = sum(counts)
    print(f"  {items:,} items in {seconds:.0f} s ({items / seconds:.0f} a second, two workers), {len(found):,} doubts")
    blocked: dict[str, set[str]] = {}
    for one in found:
        if one["level"] == "block":
            blocked.setdefault(one["place"].removeprefix(made.BASE), set()).add(one["type"])
    planted = {path: set(types) for path, types in made.planted(*counts, **how).items()}
    expect(blocked == planted, f"{len(planted)} planted leaks found at block, and nothing else at block")
    place.look("site/site.warc.gz", "warc")
    expect(place.said("warc") == found, "WARC says what the folder says")
    place.look("site/export/site.csv", "export")
    expect(place.exported("export") == place.exported("folder"), "the export says what the folder says")
    for number in (1, 2, 3):
        place.look("site/folder", f"shard{number}", "--shard", f"{number}/3")
    parts = [f"shard{number}.sqlite" for number in (1, 2, 3)]
    done = place.audit("merge", *parts, "--store", "merged.sqlite", "--out", "merged", "--plan", "plan.toml")
    expect(done.returncode == 1 and place.said("merged") == found, "three shards merged say what one run says")
    _spark(place)


def _spark(place: Place) -> None:
    submit = Path(sys.executable).with_name("spark-submit")
    if not submit.exists() or not shutil.which("java"):
        print("  --    Spark: pyspark or Java is not installed, left out")
        return
    from prescan.audit.spark import JOB  # noqa: PLC0415  the program itself imports nothing of prescan

    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    options = ["--master", "local[2]", "--conf", "spark.ui.enabled=false"]
    for source, said in (("folder", place.said), ("site.warc.gz", place.said), ("export/site.csv", place.exported)):
        name = f"spark-{source.partition('/')[0]}"
        job = [JOB, f"site/{source}", "--out", f"{name}.result", "--config", "prescan.toml", "--plan", "plan.toml"]
        begun = time.monotonic()
        done = subprocess.run(
            [submit, *options, *job, "--today", _DAY, "--split-mb", "2"],
            cwd=place.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"FAILED  Spark on {source}: {done.stderr[-2000:]}")
        print(f"  Spark on {source}: {time.monotonic() - begun:.0f} s")
        merge = ["merge", f"{name}.result", "--store", f"{name}.sqlite", "--out", name, "--plan", "plan.toml"]
        done = place.audit(*merge)
        expect(done.returncode == 1 and said(name) == said("folder"), f"Spark on {source} says what the folder says")


def again(place: Place, made: ModuleType, how: dict[str, int], counts: tuple[int, int]) -> None:
    """Look at unchanged content a second time."""
    if not (place.root / "site" / "folder").exists():
        made.write_folder(place.root / "site" / "folder", *counts, **how)
    begun, first = _spent(), place.look("site/folder", "again")
    first_cpu = _spent() - begun
    begun, begun_cpu = time.monotonic(), _spent()
    options = ["--store", "again.sqlite", "--out", "again", "--plan", "plan.toml", "--today", _DAY]
    done = place.audit("run", "site/folder", *options)
    seconds, cpu = time.monotonic() - begun, _spent() - begun_cpu
    expect(f"扫描 0，未变化 {sum(counts)}" in done.stderr, "the second run scans nothing")
    begun_cpu = _spent()
    place.audit("report", "--store", "again.sqlite", "-o", "again-report")
    share = f"{cpu / first_cpu:.1%} of the first in CPU ({cpu:.1f} s, {_spent() - begun_cpu:.1f} s of it the report)"
    print(f"  second run {share}, {seconds / first:.1%} in wall, report and all; goal {_GOAL_AGAIN:.0%} for the run")


def _spent() -> float:
    """Return the CPU seconds of the programs that were run."""
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def troubles(place: Place, made: ModuleType, how: dict[str, int], counts: tuple[int, int]) -> None:  # noqa: ARG001
    """Let everything go wrong that may."""
    site = place.root / "trouble"
    made.write_folder(site, 400, 40, size=1_000, dense=True)
    run = ["run", "trouble", "--out", "t", "--plan", "plan.toml", "--today", _DAY, "--jobs", "1"]
    place.audit(*run, "--store", "whole.sqlite")
    whole = place.said("t")

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    done = place.audit(*run, "--store", "full.sqlite", preexec_fn=small)
    expect(
        done.returncode == _NOT_RUN and "再次运行会接着做" in done.stderr,
        f"a file system that takes no more: {last(done)}",
    )
    with _tiny_disk(place.root) as disk:
        if disk:
            done = place.audit(*run, "--store", f"{disk}/full.sqlite")
            expect(done.returncode == _NOT_RUN and "磁盘" in done.stderr, f"a full disk: {last(done)}")
    done = place.audit(*run, "--store", "full.sqlite")
    expect(done.returncode == 1 and place.said("t") == whole, "with room again it ends with the same result")
    with contextlib.closing(sqlite3.connect(place.root / "full.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = place.audit("diff", "--store", "full.sqlite", timeout=100)
            expect(done.returncode == _NOT_RUN and "另一个程序正在使用" in done.stderr, f"a store in use: {last(done)}")
    _poison(place, site)
    made.write_warc(place.root / "bad.warc.gz", 300, 0, size=1_000, dense=True)
    data = bytearray((place.root / "bad.warc.gz").read_bytes())
    data[len(data) // 2] ^= 0xFF
    (place.root / "bad.warc.gz").write_bytes(data)
    done = place.audit("run", "bad.warc.gz", "--store", "w.sqlite", "--out", "w", "--today", _DAY)
    read = json.loads((place.root / "w" / "manifest.json").read_text(encoding="utf-8"))
    expect(read["counts"]["items"] >= 298 and read["counts"]["unread"] >= 1, f"a corrupt record: {last(done)}")  # noqa: PLR2004


def _poison(place: Place, site: Path) -> None:
    bad = site / "bad"
    bad.mkdir()
    (bad / "deep.html").write_text("<div>" * 200_000, encoding="ascii")
    (bad / "cut.docx").write_bytes(b"PK\x03\x04" + bytes(500))
    (bad / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<<")
    os.mkfifo(bad / "pipe.html")
    with zipfile.ZipFile(bad / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("a.txt", bytes(300 << 20))
    (bad / "loop.html").symlink_to(bad / "loop.html")
    options = ["--plan", "plan.toml", "--today", _DAY, "--jobs", "1"]
    done = place.audit("run", "trouble", "--store", "full.sqlite", "--out", "t", *options)
    manifest = json.loads((place.root / "t" / "manifest.json").read_text(encoding="utf-8"))
    expect(done.returncode == 1 and manifest["counts"]["unread"] >= 5, f"poisonous files are unread: {last(done)}")  # noqa: PLR2004


def last(done: subprocess.CompletedProcess[str]) -> str:
    """Return the last line a command said."""
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return lines[-1][:150] if lines else ""


@contextlib.contextmanager
def _tiny_disk(root: Path) -> Any:  # noqa: ANN401
    disk = root / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)], capture_output=True, check=False
    ).returncode
    if mounted:
        print("  --    a full disk: no permission to mount a small one, left out")
    try:
        yield None if mounted else disk
    finally:
        if not mounted:
            subprocess.run(["umount", str(disk)], check=True)


def browser(place: Place, made: ModuleType, how: dict[str, int], counts: tuple[int, int]) -> None:  # noqa: ARG001
    """Open a report of many doubts."""
    if importlib.util.find_spec("playwright") is None or not shutil.which("chromium"):
        print("  --    browser: Playwright or Chromium is not installed, left out")
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    for number in range(5_000):
        chance = random.Random(number)  # noqa: S311  not cryptography
        rows = "".join(
            f"<tr><td>{generated_words.name(chance)}</td><td>{generated_words.resident_id(chance)}</td></tr>"
            for _ in range(10)
        )
        page = place.root / "many" / f"c{number % 7}" / f"{number}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        head = f'<title>名单 {number}</title><meta name="PubDate" content="20{number % 15 + 10}-03-02">'
        page.write_text(f"{head}<table><tr><th>姓名</th><th>身份证号</th></tr>{rows}</table>", encoding="utf-8")
    place.look("many", "report")
    doubts = sum(one["number"] for one in place.said("report"))
    pictures, out = Path(os.environ.get("PICTURES", place.root)), place.root / "report"
    names = sorted(path.name for path in out.glob("*.html") if path.name != "index.html")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=shutil.which("chromium"))
        for name in ("index.html", *names[:1], *names[-1:]):
            opened = chromium.new_page(viewport={"width": 1280, "height": 900})
            times = []
            for _ in range(3):  # the first also starts a renderer
                begun = time.monotonic()
                opened.goto((out / name).as_uri(), wait_until="load")
                times.append(time.monotonic() - begun)
            seconds = min(times)
            opened.screenshot(path=pictures / f"{name}.png", full_page=name == "index.html", timeout=300_000)
            expect(seconds < _GOAL_SECONDS, f"{name} of a report with {doubts:,} doubts opens in {seconds:.2f} s")
        chromium.close()


PROOFS: Final = {"identity": identity, "again": again, "troubles": troubles, "browser": browser}


def main() -> None:
    """Prove what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--annexes", type=int, default=200)
    parser.add_argument("--size", type=int, default=12_000)
    parser.add_argument("--dense", action="store_true", help="pages of text alone: many small ones in little time")
    parser.add_argument("--names", choices=["on", "off"], default="off")
    parser.add_argument("--only", nargs="+", choices=list(PROOFS), default=list(PROOFS))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), asked.names, dense=asked.dense)
        for name in asked.only:
            print(f"{name}:", flush=True)
            PROOFS[name](
                place, generated_site, {"size": asked.size, "dense": asked.dense}, (asked.pages, asked.annexes)
            )


if __name__ == "__main__":
    main()
