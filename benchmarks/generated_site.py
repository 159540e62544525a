"""A generated site of an office that does not exist: pages, annexes, and planted leaks, the same for the same seed.

    python benchmarks/generated_site.py OUT --pages 20000 --annexes 2000 --as folder warc csv

writes OUT/folder, OUT/site.warc.gz, OUT/export/site.csv (with the annexes beside it) and OUT/planted.json: what an
audit must find at block, by place. Numbers are generated, people born 1900 to 1905.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import gzip
import html
import io
import json
import random
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

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
_UNITS: Final = (
    "县民政局",
    "县教育局",
    "县财政局",
    "县住房和城乡建设局",
    "县农业农村局",
    "县人力资源和社会保障局",
    "石桥镇人民政府",
    "柳湾镇人民政府",
)
_SUBJECTS: Final = (
    "农村饮水安全",
    "小型水库管护",
    "道路养护",
    "垃圾清运",
    "义务教育",
    "就业培训",
    "老旧小区改造",
    "耕地保护",
    "森林防火",
    "高龄津贴",
)
_KINDS: Final = ("通知", "实施方案", "工作要点", "管理办法", "公告")
_SENTENCES: Final = (
    "各乡镇要把群众反映的问题列入台账，办结一项销号一项。",
    "县人民政府办公室会同有关部门对年度重点任务逐项分解，明确牵头单位和完成时限。",
    "项目概算总投资2380万元，其中申请上级补助1500万元，其余由县财政统筹安排。",
    "依据有关规定，结合本县实际，现就有关工作提出如下意见。",
    "要加强宣传引导，通过政府网站、村务公开栏向社会公布办理条件和程序。",
    "各责任单位每季度末将进展情况报县推进办汇总，县推进办适时组织抽查。",
    "符合条件的单位可以在线提出申请，受理后十个工作日内办结。",
    "监督检查发现的问题要限期整改，整改情况向社会公开。",
)
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何"
_GIVEN: Final = "青禾柳溪桥石泉松竹梅兰菊荷月明清远山川海平安康宁"
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
#: One page in so many bears a leak of each kind.
_LEAK_EVERY: Final = 200
_PAGES_OF_AN_ANNEX: Final = 10


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


@dataclass(slots=True)
class Annex:
    """One file that pages link to."""

    path: str
    data: bytes
    planted: list[str] = field(default_factory=list)


def resident_id(rng: random.Random) -> str:
    """Return a valid number of nobody, born 1900 to 1905 (GB 11643: MOD 11-2)."""
    day = datetime.date(1900, 1, 1) + datetime.timedelta(days=rng.randrange(2000))
    body = f"110101{day:%Y%m%d}{rng.randrange(1000):03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def name(rng: random.Random) -> str:
    """Return an invented name."""
    return rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2))


def pages(count: int, annexes: int, *, seed: int = 1, size: int = 3_000) -> Iterator[Page]:
    """Yield the pages; bodies have about `size` bytes."""
    rng = random.Random(seed)
    for number in range(count):
        yield _page(rng, number, annexes, size)


def annexes(count: int, *, seed: int = 1) -> Iterator[Annex]:
    """Yield the annexes: docx, csv and xlsx in turn; one in ten lists people with their numbers."""
    for number in range(count):
        rng = random.Random(f"{seed}-{number}")
        leaks = number % 10 == 0
        rows = [("序号", "姓名", "身份证号", "乡镇")] if leaks else [("序号", "项目", "金额（万元）", "乡镇")]
        for row in range(12):
            middle = (name(rng), resident_id(rng)) if leaks else (rng.choice(_SUBJECTS), str(rng.randrange(10, 900)))
            rows.append((str(row + 1), *middle, "石桥镇"))
        title = "农村危房改造补助对象花名册" if leaks else "年度项目资金安排表"
        kind = ("docx", "csv", "xlsx")[number % 3]
        data = _ANNEXES[kind](title, rows)
        yield Annex(annex_path(number), data, ["resident_id"] if leaks else [])


def annex_path(number: int) -> str:
    """Return where an annex lies."""
    return f"czzj/files/P{number:06}.{('docx', 'csv', 'xlsx')[number % 3]}"


def _page(rng: random.Random, number: int, annex_count: int, size: int) -> Page:
    folder = rng.choice(list(_CHANNELS))
    unit = rng.choice(_UNITS)
    produced = datetime.date(2013, 1, 1) + datetime.timedelta(days=rng.randrange(4_900))
    published = produced + datetime.timedelta(days=rng.choice((1, 2, 3, 5, 8, 60 if number % 50 == 0 else 4)))
    subject = rng.choice(_SUBJECTS)
    title = f"青禾{unit}关于{subject}的{rng.choice(_KINDS)}".replace("青禾县", "青禾县")
    lines = [f"<p>{number}．{rng.choice(_SENTENCES)}</p>"]
    planted: list[str] = []
    if number % _LEAK_EVERY == 7:
        lines.append(f"<p>申请人{name(rng)}，身份证号：{resident_id(rng)}。</p>")
        planted.append("resident_id")
    if number % _LEAK_EVERY == 57:
        head = "<tr><th>姓名</th><th>身份证号</th><th>补助金额</th></tr>"
        rows = "".join(f"<tr><td>{name(rng)}</td><td>{resident_id(rng)}</td><td>300元</td></tr>" for _ in range(8))
        title, folder = f"{subject}补助对象发放花名册", "czzj"
        lines.append(f"<table>{head}{rows}</table>")
        planted.append("resident_id")
    if number % _LEAK_EVERY == 107:
        lines.insert(0, "<p>机密★10年</p>")
        planted.append("secret_mark")
    if number % _LEAK_EVERY in {150, 151}:
        lines.append(_masked_row(number))
    if number % _LEAK_EVERY == 157:
        title, folder = f"关于{subject}拟补助项目的公示", "gsgg"
        lines.append("<p>公示期为7个工作日，有意见的请在公示期内向本单位反映。</p>")
    held = sum(len(line.encode()) for line in lines)
    while held < size:
        line = f"<p>{rng.choice(_SENTENCES)}{rng.choice(_SUBJECTS)}工作{rng.choice(_SENTENCES)}</p>"
        lines.append(line)
        held += len(line.encode())
    day = f"{produced.year}年{produced.month}月{produced.day}日"
    lines += [f"<p>青禾{unit}</p>", f"<p>{day}</p>"]
    files = [annex_path(number // _PAGES_OF_AN_ANNEX)] if number // _PAGES_OF_AN_ANNEX < annex_count else []
    path = f"{folder}/{published:%Y%m}/t{published:%Y%m%d}_{number:07}.html"
    return Page(path, title, _CHANNELS[folder], unit, produced, published, "\n".join(lines), files, planted)


def _masked_row(number: int) -> str:
    """Return a row of one person with their number masked one way on one page and another way on the next."""
    rng = random.Random(f"mask-{number // _LEAK_EVERY}")
    who, value = name(rng), resident_id(rng)
    shown = value[:6] + "********" + value[14:] if number % 2 == 0 else value[:14] + "****"
    return f"<table><tr><th>姓名</th><th>证件号码</th></tr><tr><td>{who}</td><td>{shown}</td></tr></table>"


def as_html(page: Page) -> bytes:
    """Return a page as the site shows it."""
    depth = "../" * page.path.count("/")
    links = "".join(f'<p>附件：<a href="{depth}{path}">附件</a></p>' for path in page.annexes)
    menu = "".join(f'<li><a href="{depth}{folder}/">{label}</a></li>' for folder, label in _CHANNELS.items())
    head = (
        f'<meta name="SiteName" content="青禾县人民政府"><meta name="ColumnName" content="{page.channel}">'
        f'<meta name="ContentSource" content="{page.unit}"><meta name="PubDate" content="{page.published} 09:00">'
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(page.title)}</title>{head}</head><body>'
        f"<ul>{menu}</ul><h1>{html.escape(page.title)}</h1>\n{page.body}\n{links}</body></html>"
    ).encode()


def write_folder(root: Path, count: int, annex_count: int, **how: int) -> None:
    """Write the site as a mirror."""
    for page in pages(count, annex_count, **how):
        _put(root / page.path, as_html(page))
    for annex in annexes(annex_count, seed=how.get("seed", 1)):
        _put(root / annex.path, annex.data)


def write_warc(path: Path, count: int, annex_count: int, **how: int) -> None:
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


def write_export(path: Path, count: int, annex_count: int, **how: int) -> None:
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


def planted(count: int, annex_count: int, **how: int) -> dict[str, list[str]]:
    """Return what an audit must find at block: types by place."""
    found = {page.path: page.planted for page in pages(count, annex_count, **how) if page.planted}
    seed = how.get("seed", 1)
    return found | {annex.path: annex.planted for annex in annexes(annex_count, seed=seed) if annex.planted}


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _docx(title: str, rows: list[tuple[str, ...]]) -> bytes:
    cells = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    body = f"<w:p><w:r><w:t>{title}</w:t></w:r></w:p><w:tbl>{cells}</w:tbl>"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return _zip({"word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>"})


def _xlsx(title: str, rows: list[tuple[str, ...]]) -> bytes:
    lines = "".join(
        f'<row r="{at}">'
        + "".join(f'<c r="{"ABCD"[n]}{at}" t="inlineStr"><is><t>{cell}</t></is></c>' for n, cell in enumerate(row))
        + "</row>"
        for at, row in enumerate([(title,), *rows], 1)
    )
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return _zip(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{packed}"><Relationship Id="r1" Type="{rel}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{rel}"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packed}"><Relationship Id="r1"'
            f' Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{lines}</sheetData></worksheet>",
        }
    )


def _csv(title: str, rows: list[tuple[str, ...]]) -> bytes:
    return "\n".join([title, *(",".join(row) for row in rows)]).encode("utf-8-sig")


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


_ANNEXES: Final = {"docx": _docx, "csv": _csv, "xlsx": _xlsx}
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
    parser.add_argument("--size", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--as", dest="kinds", nargs="+", choices=list(_WRITERS), default=["folder"])
    said = parser.parse_args()
    how = {"seed": said.seed, "size": said.size}
    for kind in said.kinds:
        _WRITERS[kind](said.out, said.pages, said.annexes, **how)
    found = planted(said.pages, said.annexes, **how)
    _put(said.out / "planted.json", json.dumps(found, ensure_ascii=False, indent=1).encode())
    print(f"{said.pages} pages, {said.annexes} annexes, {len(found)} planted places in {said.out}")


if __name__ == "__main__":
    main()
