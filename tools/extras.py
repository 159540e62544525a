"""Whether every extra works by itself: an environment for each, one proof of each, without a network.

    python tools/extras.py [--python python3.12]… [--only ocr]… [--write docs/admin.md]

For each Python: the core alone, each extra alone, all together. In each environment the examples are scanned; an extra
that is there does its one proof, one that is not there is named in one sentence. Environments are removed afterwards.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final, NamedTuple

import marked

ROOT: Final = Path(__file__).parents[1]
PYTHONS: Final = ("python3.11", "python3.12", "python3.13", "python3.14")
#: Seconds; recognition of one page and the start of the desk are the longest.
_LONGEST: Final = 300
_CUT_OFF: Final = ("unshare", "-rn", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "-")


class Proof(NamedTuple):
    """What shows that an extra is there: a command of an environment's `bin`, and what it prints."""

    what: str
    """For people."""
    command: tuple[str, ...]
    says: str
    """A regular expression."""
    exits: tuple[int, ...] = (0,)
    missing: str | None = None
    """What is printed where the extra is not there; None: prescan has no command for it."""


_DESK: Final = """
import subprocess, sys, time, urllib.request
from pathlib import Path
command = [Path(sys.executable).with_name("prescan"), "serve", "--no-browser", "--port", "8761", "--store", "desk"]
desk = subprocess.Popen(command)
try:
    for _ in range(120):
        if desk.poll() is not None:
            sys.exit(desk.returncode)
        time.sleep(0.5)
        try:
            print(urllib.request.urlopen("http://127.0.0.1:8761/").status, "desk")
            break
        except OSError:
            continue
finally:
    desk.terminate()
    desk.wait()
"""
_SITE: Final = """
import functools, http.server, subprocess, sys, threading
from pathlib import Path
serve = functools.partial(http.server.SimpleHTTPRequestHandler, directory="site")
site = http.server.ThreadingHTTPServer(("127.0.0.1", 8762), serve)
threading.Thread(target=site.serve_forever, daemon=True).start()
command = [Path(sys.executable).with_name("prescan"), "audit", "crawl", "http://127.0.0.1:8762/", "-o", "site.warc.gz"]
done = subprocess.run(command)
print(Path("site.warc.gz").is_file() and "crawled")
sys.exit(done.returncode)
"""
_PIPE: Final = """
import spacy
pipe = spacy.blank("zh")
pipe.add_pipe("prescan")
doc = pipe("申请人身份证号110101190203140028。")
print([span.label_ for span in doc.spans["prescan"]])
"""
_AUDIT: Final = (
    "prescan",
    "audit",
    "run",
    "pages.warc",
    "--store",
    "audit.sqlite",
    "--out",
    "report",
    "--fail-on",
    "never",
)
_COUNTED: Final = r"阻断 \d+，复核 \d+，提示 \d+"
PROOFS: Final = {
    "audit": Proof("排查一个 WARC", _AUDIT, "pages.warc|1 ", (0, 3), r"prescan\[audit\]"),
    "cluster": Proof(
        "装入 Spark 作业", ("python", "-c", "import pyspark, prescan.audit.spark.job; print('spark')"), "spark"
    ),
    "crawl": Proof("抓取本机的一个网站", ("python", "-c", _SITE), "crawled", (0, 3), r"prescan\[crawl\]"),
    "docs": Proof("生成文档网站", ("mkdocs", "build", "-q", "-f", str(ROOT / "mkdocs.yml"), "-d", "{}/docs"), ""),
    "nlp": Proof("spaCy 流水线中的组件", ("python", "-c", _PIPE), "resident_id"),
    "ocr": Proof(
        "识别一页扫描件", ("prescan", "scan", "scan.png", "--fail-on", "never"), _COUNTED, (0, 3), r"prescan\[ocr\]"
    ),
    "train": Proof(
        "校正属性模型", ("prescan", "train", "known.jsonl", "--out", "model"), "", (0,), r"prescan\[train\]"
    ),
    "web": Proof("启动审查台并取一页", ("python", "-c", _DESK), "200 desk", (0,), r"prescan\[web\]"),
}


def main() -> int:
    """Try everything; 1 if anything failed."""
    parser = argparse.ArgumentParser(description="each extra by itself, in environments of their own")
    parser.add_argument("--python", action="append")
    parser.add_argument("--only", action="append", help="an extra, core or all")
    parser.add_argument("--write", type=Path, help="a page with the markers <!-- extras -->")
    given = parser.parse_args()
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    alone = sorted(set(extras) - {"dev"})
    if set(alone) != set(PROOFS):
        sys.exit(f"an extra without a proof, or a proof without an extra: {sorted(set(alone) ^ set(PROOFS))}")
    kinds = {"core": [], **{extra: [extra] for extra in alone}, "all": alone}
    wrong: list[str] = []
    table: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory(prefix="prescan-extras-") as folder:
        wheel = _wheel(Path(folder))
        for python in given.python or [name for name in PYTHONS if _there(name)]:
            for kind, chosen in kinds.items():
                if not given.only or kind in given.only:
                    megabytes, failed = _try(Path(folder), python, wheel, chosen, extras)
                    wrong += [f"{python} {kind}: {one}" for one in failed]
                    table.setdefault(kind, {})[python] = "、".join(failed) or f"{megabytes:.0f} MB"
                    print(f"{python:12} {kind:10}{megabytes:8.0f} MB  {'; '.join(failed) or 'fine'}", flush=True)
    if given.write:
        marked.write(given.write, "extras", _markdown(table))
    return bool(wrong)


def _there(python: str) -> bool:
    """Return whether a Python can be started: the name alone may be a placeholder of a version manager."""
    return (
        bool(shutil.which(python))
        and not subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode
    )


def _try(
    folder: Path, python: str, wheel: Path, chosen: list[str], extras: dict[str, list[str]]
) -> tuple[float, list[str]]:
    """Return the size of an environment with these extras, and what failed in it."""
    place, work = folder / "venv", folder / "work"
    for path in (place, work):
        shutil.rmtree(path, ignore_errors=True)
    subprocess.run([python, "-m", "venv", place], check=True)
    asked = f"{wheel}[{','.join(chosen)}]" if chosen else str(wheel)
    install = [str(place / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", asked]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        return 0.0, [f"cannot be installed: {done.stderr.strip().splitlines()[-1:]}"]
    sized = subprocess.run(
        [place / "bin" / "python", ROOT / "tools" / "sizes.py"], capture_output=True, text=True, check=True
    )
    megabytes = float(re.findall(r"([\d.]+) MB", sized.stdout)[-1])
    _materials(work, place)
    there = set(chosen) | {
        word for extra in chosen for line in extras[extra] for word in re.findall(r"prescan\[(\w+)\]", line)
    }
    failed = (
        []
        if _runs(place, work, Proof("", ("prescan", "scan", str(ROOT / "examples")), _COUNTED, (1,)))
        else ["examples"]
    )
    for extra, proof in PROOFS.items():
        if extra in there:
            failed += [] if _runs(place, work, proof) else [f"{extra} does not work"]
        elif proof.missing:
            told = proof._replace(says=proof.missing, exits=(1, 2, 3) if extra != "ocr" else (0, 3))
            failed += [] if _runs(place, work, told) else [f"{extra} is missing and not named"]
    return megabytes, failed


def _runs(place: Path, work: Path, proof: Proof) -> bool:
    command = [str(place / "bin" / proof.command[0]), *(word.replace("{}", str(work)) for word in proof.command[1:])]
    done = subprocess.run(
        [*_cut_off(), *command],
        capture_output=True,
        text=True,
        cwd=work,
        env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(work), "LANG": "C.UTF-8", "NO_MKDOCS_2_WARNING": "1"},
        timeout=_LONGEST,
        check=False,
    )
    said = done.stdout + done.stderr
    fine = done.returncode in proof.exits and bool(re.search(proof.says, said)) and "Traceback" not in said
    if not fine:
        print(f"$ {' '.join(map(str, command))[:200]}\n{said[-2000:]}\nexit {done.returncode}", file=sys.stderr)
    return fine


def _cut_off() -> tuple[str, ...]:
    """Return what cuts a command off the network, or nothing where the system does not allow it."""
    tried = [*_CUT_OFF, "true"]
    return () if subprocess.run(tried, capture_output=True, check=False).returncode else _CUT_OFF


def _wheel(folder: Path) -> Path:
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--disable-pip-version-check",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


_SCAN: Final = """
import sys, pypdfium2
from prescan.formats.page_image import png
page = pypdfium2.PdfDocument(sys.argv[1])[0]
open("scan.png", "wb").write(png(page.render(scale=2, rev_byteorder=True).to_numpy()[:, :, :3]))
"""


def _materials(work: Path, place: Path) -> None:
    """Lay down what the proofs read: a scan, a WARC, a site, texts of known attributes."""
    page = "<html><head><title>公示</title></head><body>申请人身份证号110101190203140028。</body></html>"
    (work / "site").mkdir(parents=True)
    (work / "site" / "index.html").write_text(page, encoding="utf-8")
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:11111111-1111-4111-8111-111111111111>\r\n"
        "WARC-Target-URI: http://www.example.cn/a.html\r\nWARC-Date: 2025-01-01T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    (work / "pages.warc").write_bytes(head.encode() + answer + b"\r\n\r\n")
    rows = []
    for path in sorted((ROOT / "models" / "attribute" / "corpus" / "a").iterdir()):
        head, _, text = path.read_text(encoding="utf-8").partition("---\n")
        rows.append(json.dumps({"label": re.findall(r"(?m)^label: (\w+)", head)[0], "text": text}) + "\n")
    (work / "known.jsonl").write_text("".join(rows), encoding="utf-8")
    command = [str(place / "bin" / "python"), "-c", _SCAN, str(ROOT / "examples" / "补贴公示.pdf")]
    subprocess.run(command, cwd=work, check=True)


def _markdown(table: dict[str, dict[str, str]]) -> str:
    """Return the table of the page: megabytes of each environment, and what was tried in it."""
    pythons = list(next(iter(table.values())))
    lines = ["| 附加功能 | 试什么 | " + " | ".join(pythons) + " |", "|---" * (2 + len(pythons)) + "|"]
    for kind, found in table.items():
        name = {"core": "（核心）", "all": "全部"}.get(kind, f"`{kind}`")
        what = PROOFS[kind].what if kind in PROOFS else {"core": "扫描 examples/", "all": "以上各项"}[kind]
        lines.append(f"| {name} | {what} | " + " | ".join(found.get(python, "") for python in pythons) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
