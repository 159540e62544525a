"""Measured figures into docs/figures.md and the READMEs: `make figures` (minutes; quiet machine), never by hand.

    python tools/figures.py quality            prescan evaluate: labelled documents of the repository
    python tools/figures.py unread             the same of the groups that nobody who wrote rules has read
    python tools/figures.py speed              benchmarks/run.py, with Presidio in the same run if it is installed
    python tools/figures.py passages --bench F F/score.py: passages that are not part of the repository, and its peers
    … --from FILE                              what the same command printed before, instead of running it

What a command printed stands whole in docs/figures.md; the tables of the READMEs are made of that page, so that the
three always agree (`tests/docs/test_figures.py`).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import marked

from prescan.quality.names import UNREAD

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "figures.md"
READMES: Final = {"README.zh-CN.md": 0, "README.md": 1}
_RUN: Final = [sys.executable, "-c", "from prescan.cli import main; main()"]
_PEERS: Final = {
    "presidio+norm": "Presidio + normaliser",
    "presidio expert": "Presidio, expert",
    "presidio stock": "Presidio, stock",
    "openmed (rules)": "openmed (rules)",
    "yindun": "yindun",
    "helan": "helan",
}


def main() -> None:
    """Measure what is asked for and write it down."""
    parser = argparse.ArgumentParser(description="figures into the documents")
    parser.add_argument("what", choices=("quality", "unread", "speed", "passages", "readme"))
    parser.add_argument("--bench", type=Path, help="folder with score.py and passages.jsonl")
    parser.add_argument("--from", dest="source", type=Path, help="a file with what the command printed")
    given = parser.parse_args()
    if given.what != "readme":
        text = given.source.read_text(encoding="utf-8") if given.source else _printed(given.what, given.bench)
        marked.write(PAGE, given.what, f"```text\n{_trimmed(text)}\n```")
    page = PAGE.read_text(encoding="utf-8")
    for name, language in READMES.items():
        marked.write(ROOT / name, "figures", table(page, language))


def _printed(what: str, bench: Path | None) -> str:
    commands = {
        "quality": [*_RUN, "evaluate", "--errors", "0"],
        "unread": [*_RUN, "evaluate", "--errors", "0", *(f"--group={group}" for group in UNREAD)],
        "speed": [sys.executable, "benchmarks/run.py"],
        "passages": [sys.executable, str((bench or Path()) / "score.py")],
    }
    if what == "passages" and (bench is None or not (bench / "score.py").is_file()):
        raise SystemExit("passages are not part of the repository: give their folder with --bench")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        commands[what], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=True
    )
    return done.stdout


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def table(page: str, language: int) -> str:
    """Return the tables of a README from what stands in the page of figures."""
    said = {name: marked.held(page, name) for name in ("quality", "unread", "passages", "speed")}
    own = _own(said["quality"], said["unread"], language)
    return "\n\n".join((_passages(said["passages"], language), own, _speed(said["speed"], language)))


def _passages(text: str, language: int) -> str:
    heads = re.findall("|".join(map(re.escape, ["prescan", "naive regex", *_PEERS])), _line(text, r"F1 +prescan.*"))
    rows = {name: _line(text, rf"{name} +[\d.].*").split()[1:] for name in ("numbers", "NAME", "ADDRESS", "all")}
    wanted = ["prescan", *_PEERS]
    title = ("F1，302 段生成的短文", "F1, 302 generated passages")[language]
    words = {
        "numbers": ("号码", "numbers"),
        "NAME": ("姓名", "names"),
        "ADDRESS": ("住址", "addresses"),
        "all": ("全部", "all"),
    }
    lines = [f"| {title} | prescan | " + " | ".join(_PEERS.values()) + " |", "|---|" + "---:|" * len(wanted)]
    for name, cells in rows.items():
        held = dict(zip(heads, cells, strict=True))
        values = [f"{float(held[who]):.2f}" for who in wanted]
        lines.append(f"| {words[name][language]} | " + " | ".join([f"**{values[0]}**", *values[1:]]) + " |")
    return "\n".join(lines)


def _own(text: str, unread: str, language: int) -> str:
    macro = re.findall(r"\d[\d.]*", _line(text, r"\| 宏平均 F1 .*").replace("F1", ""))[0]
    documents = re.findall(r"\d+", _line(text, r"\| 文稿 .*"))[0]
    title = (
        "标注文稿 | 个人信息 F1 | 各类平均 | 其中号码 | 不该报的没有报",
        "labelled documents | personal data F1 | mean over kinds | numbers | decoys left alone",
    )[language]
    names = (("全部", "其中编写规则的人没有看过的"), ("all", "of these, unread by those who wrote rules"))[language]
    attribute = (f"公开属性宏平均 F1（{documents} 篇）", f"attribute, macro F1 ({documents} documents)")[language]
    lines = [f"| {title} | {attribute} |", "|---|" + "---:|" * 5]
    for name, said, last in zip(names, (text, unread), (f"{float(macro):.2f}", ""), strict=True):
        total = re.findall(r"[\d.]+", _line(said, r"合计 +[\d.].*"))
        figures = " | ".join(f"{float(total[place]):.2f}" for place in (0, 1, 2, 5))
        lines.append(f"| {name} | {figures} | {last} |")
    return "\n".join(lines)


def _speed(text: str, language: int) -> str:
    names = {
        "plain text": ("普通文字", "plain text"),
        "published documents": ("国务院公开的文件", "documents the State Council published"),
        "short documents": ("短公文（平均 460 字）", "short documents (460 characters on average)"),
        "documents full of personal data": ("满是个人信息的短文", "short documents full of personal data"),
    }
    heads = (
        "| MB/s，一个处理器 | 号码和规则 | 全部（含姓名、属性） | 比 Presidio 快（都带姓名） |",
        "| MB/s, one processor | numbers and rules | everything (names, attribute) | times Presidio, both with names |",
    )[language]
    lines = [heads, "|---|---:|---:|---:|"]
    for name, title in names.items():
        if name not in text and name == "published documents":  # only measured where somebody has some
            continue
        line = _line(text, rf"{name} +[\d.].*")
        cells = re.findall(r"[\d.]+", line.removeprefix(name))
        times = re.search(r"with names [\d.]+ \(prescan ([\d.]+)×", line)
        lines.append(f"| {title[language]} | {cells[0]} | {cells[2]} | {times[1] + '×' if times else '—'} |")
    return "\n".join(lines)


def _line(text: str, pattern: str) -> str:
    found = re.search(rf"(?m)^{pattern}$", text)
    if found is None:
        raise ValueError(f"no line {pattern} in what was printed")
    return found[0]


if __name__ == "__main__":
    main()
