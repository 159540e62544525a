"""A generated site of an office that does not exist: pages, annexes, and planted leaks, the same for the same seed.

    python benchmarks/generated_site.py OUT --pages 20000 --annexes 2000 --as folder warc csv

writes OUT/folder, OUT/site.warc.gz, OUT/export/site.csv (with the annexes beside it) and OUT/planted.json: what an
audit must find at block, by place. Numbers are generated, people born 1900 to 1905.

`--size` is the bytes of a page: about a third of them text, as on real sites, the rest what stands around it
(generated_layouts.py; a page below about 12 KB is hardly more than that). With `--dense` the text alone has so many
bytes and next to nothing stands around it: three times the work for the same size, and small pages are possible.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import gzip
import html
import json
import random
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import generated_annexes
import generated_layouts as layouts
import generated_words as words

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE: Final = "https://www.qinghe.example/"
#: When the site is audited: periods are counted to this day.
TODAY: Final = datetime.date(2026, 11, 20)
_CHANNELS: Final = {
    "tzgg": "通知公告",
    "gsgg": "公示公告",
    "zcwj": "政策文件",
    "czzj": "财政资金",
    "xzcf": "行政处罚",
    "gzdt": "工作动态",
    "ghjh": "规划计划",
}
#: One page in so many bears a leak of each kind.
_LEAK_EVERY: Final = 200
#: One page in so many came out two months after it was made.
_LATE_EVERY: Final = 50
_PAGES_OF_AN_ANNEX: Final = 10
#: How often a table stands where a paragraph might.
_TABLES: Final = 0.08


@dataclass(slots=True)
class Page:
    """One page of the site."""

    path: str
    title: str
    channel: str
    unit: str
    produced: datetime.date
    published: datetime.date
    body: str
    annexes: list[str] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)
    """Types an audit must find at block."""
    size: int = 0
    """How many bytes the page has, with what stands around its text; 0: next to nothing stands around it."""


@dataclass(slots=True)
class Annex:
    """One file that pages link to."""

    path: str
    data: bytes
    planted: list[str] = field(default_factory=list)


class How(TypedDict, total=False):
    """How the pages of a site are made: see `pages`."""

    seed: int
    size: int
    dense: bool


def pages(count: int, annexes: int, *, seed: int = 1, size: int = 12_000, dense: bool = False) -> Iterator[Page]:
    """Yield the pages, each of about `size` bytes; `dense`: its text alone has so many."""
    rng = random.Random(seed)
    for number in range(count):
        yield _page(rng, number, annexes, size, dense=dense)


def annexes(count: int, *, seed: int = 1) -> Iterator[Annex]:
    """Yield the annexes: docx, csv and xlsx in turn; one in ten lists people with their numbers."""
    for number in range(count):
        yield Annex(generated_annexes.path(number), *generated_annexes.annex(number, seed))


def _page(rng: random.Random, number: int, annex_count: int, size: int, *, dense: bool) -> Page:
    folder = rng.choice(list(_CHANNELS))
    unit = rng.choice(words.UNITS)
    produced = datetime.date(2013, 1, 1) + datetime.timedelta(days=rng.randrange(4_900))
    later = rng.choice((1, 2, 3, 5, 8)) if number % _LATE_EVERY else 60
    published = produced + datetime.timedelta(days=later)
    subject = rng.choice(words.SUBJECTS)
    title = words.title(rng, unit, subject)
    leak = number % _LEAK_EVERY
    if leak == 57:
        title, folder = f"{subject}补助对象发放花名册", "czzj"
    if leak == 157:
        title, folder = f"关于{subject}拟补助项目的公示", "gsgg"
    said, planted = _planted(rng, number, leak)
    lines = [_paragraph(text, folder, dense=dense) if text[0] != "<" else text for text in said]
    wanted = size if dense else int(size * layouts.SHARE) - layouts.around(folder)
    _fill(rng, lines, folder, wanted, dense=dense)
    day = f"{produced.year}年{produced.month}月{produced.day}日"
    lines += [_paragraph(text, folder, dense=dense) for text in (f"青禾{unit}", day)]
    annex = number // _PAGES_OF_AN_ANNEX
    files = [generated_annexes.path(annex)] if annex < annex_count else []
    path = f"{folder}/{published:%Y%m}/t{published:%Y%m%d}_{number:07}.html"
    about = (path, title, _CHANNELS[folder], unit, produced, published)
    return Page(*about, "\n".join(lines), files, planted, 0 if dense else size)


def _planted(rng: random.Random, number: int, leak: int) -> tuple[list[str], list[str]]:
    """Return how a page begins, and the types an audit must find in it at block."""
    first = f"{number}．{words.sentence(rng)}"
    if leak == 7:
        return [first, f"申请人{words.name(rng)}，身份证号：{words.resident_id(rng)}。"], ["resident_id"]
    if leak == 57:
        head = "<tr><th>姓名</th><th>身份证号</th><th>补助金额</th></tr>"
        people = ((words.name(rng), words.resident_id(rng)) for _ in range(8))
        rows = "".join(f"<tr><td>{who}</td><td>{value}</td><td>300元</td></tr>" for who, value in people)
        return [first, f"<table>{head}{rows}</table>"], ["resident_id"]
    if leak == 107:
        return ["机密★10年", first], ["secret_mark"]
    if leak in {150, 151}:
        return [first, _masked_row(number)], []
    if leak == 157:
        return [first, "公示期为7个工作日，有意见的请在公示期内向本单位反映。"], []
    return [first], []


def _fill(rng: random.Random, lines: list[str], folder: str, wanted: int, *, dense: bool) -> None:
    """Add paragraphs, and now and then a table of figures, until there is as much text as `wanted`."""
    held = sum(layouts.shown(line.encode()) for line in lines)
    while held < wanted:
        if rng.random() < _TABLES:
            title, rows = words.table(rng)
            cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
            line = f'{_paragraph(title, folder, dense=dense)}<table border="1">{cells}</table>'
        else:
            text = "".join(words.sentence(rng) for _ in range(rng.randrange(1, 5)))
            line = _paragraph(text, folder, dense=dense)
        lines.append(line)
        held += layouts.shown(line.encode())


def _paragraph(text: str, folder: str, *, dense: bool) -> str:
    return f"<p>{text}</p>" if dense else layouts.paragraph(text, folder)


def _masked_row(number: int) -> str:
    """Return a row of one person with their number masked one way on one page and another way on the next."""
    rng = random.Random(f"mask-{number // _LEAK_EVERY}")
    who, value = words.name(rng), words.resident_id(rng)
    shown = value[:6] + "********" + value[14:] if number % 2 == 0 else value[:14] + "****"
    return f"<table><tr><th>姓名</th><th>证件号码</th></tr><tr><td>{who}</td><td>{shown}</td></tr></table>"


def as_html(page: Page) -> bytes:
    """Return a page as the site shows it."""
    depth = "../" * page.path.count("/")
    links = "".join(f'<p>附件：<a href="{depth}{path}">附件</a></p>' for path in page.annexes)
    title, folder = html.escape(page.title), page.path.partition("/")[0]
    if page.size:
        said = {"title": title, "channel": page.channel, "unit": page.unit, "published": page.published.isoformat()}
        said |= {"body": page.body, "annexes": links, "root": depth}
        return layouts.page(said, folder, zlib.crc32(page.path.encode()), page.size)
    menu = "".join(f'<li><a href="{depth}{name}/">{label}</a></li>' for name, label in _CHANNELS.items())
    head = (
        f'<meta name="SiteName" content="青禾县人民政府"><meta name="ColumnName" content="{page.channel}">'
        f'<meta name="ContentSource" content="{page.unit}"><meta name="PubDate" content="{page.published} 09:00">'
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f"<ul>{menu}</ul><h1>{title}</h1>\n{page.body}\n{links}</body></html>"
    ).encode()


def write_folder(root: Path, count: int, annex_count: int, **how: Unpack[How]) -> None:
    """Write the site as a mirror."""
    for page in pages(count, annex_count, **how):
        _put(root / page.path, as_html(page))
    for annex in annexes(annex_count, seed=how.get("seed", 1)):
        _put(root / annex.path, annex.data)


def write_warc(path: Path, count: int, annex_count: int, **how: Unpack[How]) -> None:
    """Write the site as a crawler stores it: a gzip member a record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        for page in pages(count, annex_count, **how):
            stream.write(warc_record(page.path, as_html(page), "text/html; charset=utf-8"))
        for annex in annexes(annex_count, seed=how.get("seed", 1)):
            stream.write(warc_record(annex.path, annex.data, "application/octet-stream"))


def warc_record(path: str, data: bytes, kind: str) -> bytes:
    """Return one compressed response record."""
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data
    number = f"{zlib.crc32(path.encode()):012}"
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {BASE}{path}\r\nWARC-Date: 2026-11-20T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    ).encode()
    return gzip.compress(head + answer + b"\r\n\r\n", 1)


def write_export(path: Path, count: int, annex_count: int, **how: Unpack[How]) -> None:
    """Write the site as a CMS exports it: a row a page, annexes beside the table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = ("链接", "标题", "栏目", "发布单位", "成文日期", "发布时间", "正文", "附件")
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(columns)
        for page in pages(count, annex_count, **how):
            days = (page.produced.isoformat(), f"{page.published} 09:00:00")
            files = ";".join(page.annexes)
            rows.writerow((BASE + page.path, page.title, page.channel, page.unit, *days, page.body, files))
    for annex in annexes(annex_count, seed=how.get("seed", 1)):
        _put(path.parent / annex.path, annex.data)


def planted(count: int, annex_count: int, **how: Unpack[How]) -> dict[str, list[str]]:
    """Return what an audit must find at block: types by place."""
    found = {page.path: page.planted for page in pages(count, annex_count, **how) if page.planted}
    seed = how.get("seed", 1)
    return found | {annex.path: annex.planted for annex in annexes(annex_count, seed=seed) if annex.planted}


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


_WRITERS: Final = {
    "folder": lambda out, *how, **more: write_folder(out / "folder", *how, **more),
    "warc": lambda out, *how, **more: write_warc(out / "site.warc.gz", *how, **more),
    "csv": lambda out, *how, **more: write_export(out / "export" / "site.csv", *how, **more),
}


def main() -> None:
    """Write a site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--annexes", type=int, default=200)
    parser.add_argument("--size", type=int, default=12_000)
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--as", dest="kinds", nargs="+", choices=list(_WRITERS), default=["folder"])
    said = parser.parse_args()
    how = {"seed": said.seed, "size": said.size, "dense": said.dense}
    for kind in said.kinds:
        _WRITERS[kind](said.out, said.pages, said.annexes, **how)
    found = planted(said.pages, said.annexes, **how)
    _put(said.out / "planted.json", json.dumps(found, ensure_ascii=False, indent=1).encode())
    print(f"{said.pages} pages, {said.annexes} annexes, {len(found)} planted places in {said.out}")


if __name__ == "__main__":
    main()
