"""Every kind of source gives the same items; what is wrong with one is said, not swallowed."""

from __future__ import annotations

import csv
import datetime
import io
import json
import random
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prescan.audit.plan import Plan, load_plan
from prescan.audit.sources import Broken, Item, items
from prescan.errors import PrescanError, SettingsError

if TYPE_CHECKING:
    from types import ModuleType

FILES = {"a.html": b"<p>a</p>", "gsgg/b.html": b"<p>b</p>", "gsgg/名单.docx": b"PK"}
PLAN = Plan()


def told(source: Path, plan: Plan = PLAN) -> dict[str, bytes | str | None]:
    """Return what each place holds, or the code that says why it holds nothing."""
    found: dict[str, bytes | str | None] = {}
    for item in items(str(source), plan):
        assert isinstance(item, Item)
        data = item.data if item.path is None else Path(item.path).read_bytes()
        found[item.place] = item.code or data
    return found


def folder(root: Path) -> Path:
    for name, data in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def zipped(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, data in FILES.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def test_folder_zip_tar_and_list_hold_the_same(tmp_path: Path) -> None:
    mirror = folder(tmp_path / "mirror")
    listing = mirror.parent / "mirror" / "list.lst"
    expected: dict[str, Any] = dict(FILES)
    assert told(mirror) == expected
    listing.write_text("# 本周\n" + "\n".join(FILES), encoding="utf-8")
    assert told(listing) == expected
    assert told(zipped(tmp_path / "a.zip")) == expected
    assert told(tarred(tmp_path / "a.tar.gz")) == expected


def test_a_plan_gives_addresses_and_leaves_files_out(tmp_path: Path) -> None:
    plan = Plan(base_url="https://x.example/", skip=("gsgg/*",))
    assert list(told(folder(tmp_path / "m"), plan)) == ["https://x.example/a.html"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_a_cut_archive_is_told_and_what_it_holds_is_not_known_to_be_gone(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / name) if name.endswith("zip") else tarred(tmp_path / name)
    path.write_bytes(path.read_bytes()[:-40])
    found = list(items(str(path), PLAN))
    assert isinstance(found[-1], Broken)
    assert found[-2].code == "corrupted"  # type: ignore[union-attr]


def export(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


ROW = {
    "链接": "https://x.example/1.html",
    "标题": "名单公示",
    "栏目": "公示公告",
    "发布单位": "县民政局",
    "成文日期": "2026年1月5日",
    "发布时间": "2026-01-07 09:30:00",
    "公开属性": "主动公开",
    "正文": "<p>见附件</p>",
    "附件": "files/a.txt;https://x.example/far.pdf;../../etc/passwd;files/none.doc",
}


@pytest.mark.parametrize("written", ["9999-12-31", "9999年12月31日", "99991231", "2026-02-30", "不详"])
def test_a_day_that_is_none_is_none(tmp_path: Path, written: str) -> None:
    """Databases write the last day of all where there is none."""
    (page, *_) = items(str(export(tmp_path / "a.csv", [{**ROW, "附件": "", "发布时间": written}], "utf-8")), PLAN)
    assert isinstance(page, Item)
    assert page.context.published_on is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_an_export_gives_pages_with_context_and_their_annexes(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text("附件", encoding="utf-8")
    page, near, far, outside, missing = items(str(export(tmp_path / "a.csv", [ROW], encoding)), PLAN)
    assert isinstance(page, Item)
    assert page.place == "https://x.example/1.html"
    assert page.data
    assert "<h1>名单公示</h1>".encode() in page.data
    context = page.context
    assert (context.title, context.channel, context.unit) == ("名单公示", "公示公告", "县民政局")
    assert (context.produced_on, context.published_on) == (datetime.date(2026, 1, 5), datetime.date(2026, 1, 7))
    assert (context.declared, context.stage) == ("proactive", "published")
    assert isinstance(near, Item)
    assert (near.place, near.parent, near.path) == ("files/a.txt", page.place, str(tmp_path / "files" / "a.txt"))
    assert [item.code for item in (far, outside)] == ["missing", "unsupported"]  # type: ignore[union-attr]
    assert isinstance(missing, Item)
    assert missing.code is None  # the run finds that it is not there


def test_jsonl_rows_may_differ_and_annexes_may_be_objects(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"url": "u1", "body": "正文甲"}, {"url": "u2", "content": "正文乙", "attachments": [{"path": "x.txt"}]}]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    found = list(items(str(path), PLAN))
    assert [(item.place, item.parent) for item in found if isinstance(item, Item)] == [
        ("u1", None),
        ("u2", None),
        ("x.txt", "u2"),
    ]


def test_a_parquet_export_is_read_in_batches(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = arrow.Table.from_pylist([{"url": f"u{n}", "body": f"正文{n}", "annexes": ["a.txt"]} for n in range(130)])
    parquet.write_table(table, tmp_path / "a.parquet")
    found = [item for item in items(str(tmp_path / "a.parquet"), PLAN) if isinstance(item, Item)]
    assert [item.place for item in found if item.parent is None] == [f"u{n}" for n in range(130)]


def test_columns_that_nobody_knows_are_asked_for_and_a_plan_names_them(tmp_path: Path) -> None:
    path = export(tmp_path / "a.csv", [{"id": "1", "zw": "<p>正文</p>"}])
    with pytest.raises(SettingsError, match=r"认不出正文或附件列.*zw"):
        list(items(str(path), PLAN))
    (page,) = items(str(path), Plan(columns={"body": "zw", "url": "id"}))
    assert page.place == "1"  # type: ignore[union-attr]
    with pytest.raises(SettingsError, match="没有方案写明的列 content2"):
        list(items(str(path), Plan(columns={"body": "content2"})))


def test_a_cut_export_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"url": "u1", "body": "正文"}\n{"url": "u2", "bo', encoding="utf-8")
    first, lost, broken = items(str(path), PLAN)
    assert (first.place, lost.code) == ("u1", "corrupted")  # type: ignore[union-attr]
    assert isinstance(broken, Broken)


def test_a_bad_line_of_an_export_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"url": "u1", "body": "a"}\nnot json\n' + b"[" * 200_000 + b'\n{"url": "u4", "body": "b"}\n')
    found = list(items(str(path), PLAN))
    assert [(item.place, item.code) for item in found if isinstance(item, Item)] == [
        *(("u1", None), ("a.jsonl#2", "corrupted"), ("a.jsonl#3", "corrupted"), ("u4", None))
    ]
    assert len({item.why for item in found if isinstance(item, Broken)}) == 1


@pytest.mark.parametrize(("mark", "encoding"), [(";", "gb18030"), ("\t", "utf-16"), ("|", "utf-8-sig"), (",", "utf-8")])
def test_a_csv_is_read_with_the_separator_and_encoding_it_has(tmp_path: Path, mark: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"链接{mark}标题{mark}正文\nu1{mark}通知{mark}正文甲\n", encoding=encoding)
    (page,) = items(str(path), PLAN)
    assert isinstance(page, Item)
    assert (page.place, page.context.title, page.data) == ("u1", "通知", "通知\n\n正文甲".encode())


def test_a_row_with_more_cells_than_columns_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("链接,正文\nu1,名单：张三,李四,王五\n", encoding="utf-8")
    (page,) = items(str(path), PLAN)
    assert isinstance(page, Item)
    assert page.data == "名单：张三,李四,王五".encode()


def test_a_link_to_a_folder_elsewhere_is_told_of_and_one_within_is_not(tmp_path: Path) -> None:
    mirror = folder(tmp_path / "m")
    folder(tmp_path / "elsewhere")
    (mirror / "gsgg" / "附件").symlink_to(tmp_path / "elsewhere")
    (mirror / "gsgg" / "上级").symlink_to("..")
    assert told(mirror) == {**FILES, "gsgg/附件": "unsupported"}


def test_warc_and_wacz_hold_responses(tmp_path: Path, generated: ModuleType) -> None:
    pytest.importorskip("fastwarc")
    records = [generated.warc_record(name, data, "text/html") for name, data in FILES.items()]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(records))
    expected = {f"{generated.BASE}{name}": data for name, data in FILES.items()}
    assert told(tmp_path / "a.warc.gz") == expected
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as package:
        package.writestr("archive/data.warc.gz", b"".join(records))
    assert told(tmp_path / "a.wacz") == expected


def damaged(records: list[bytes], how: str) -> bytes:
    """Return a WARC whose third record is cut, or changed in its middle."""
    third = bytearray(records[2])
    if how == "cut":
        return b"".join(records[:2]) + third[: len(third) // 2]
    third[len(third) // 2] ^= 0xFF
    return b"".join([*records[:2], bytes(third), *records[3:]])


@pytest.mark.parametrize(("how", "read"), [("cut", "01"), ("changed", "0134")])
def test_a_corrupt_record_is_told_and_costs_only_itself(
    tmp_path: Path, generated: ModuleType, how: str, read: str
) -> None:
    pytest.importorskip("fastwarc")
    chance = random.Random(1)
    records = [
        generated.warc_record(f"{n}.html", bytes(chance.randrange(97, 123) for _ in range(2000)), "text/html")
        for n in range(5)
    ]
    (tmp_path / "a.warc.gz").write_bytes(damaged(records, how))
    found = list(items(str(tmp_path / "a.warc.gz"), PLAN))
    assert isinstance(found[-1], Broken)
    held = [item for item in found if isinstance(item, Item)]
    assert [item.place[-6] for item in held if item.code is None] == list(read)
    assert held[-1].code == "corrupted"


def test_a_source_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="找不到来源"):
        list(items(str(tmp_path / "none"), PLAN))
    (tmp_path / "a.docx").write_bytes(b"PK")
    with pytest.raises(SettingsError, match="单个文件请用 prescan scan"):
        list(items(str(tmp_path / "a.docx"), PLAN))


@pytest.mark.parametrize(("module", "name"), [("fastwarc.warc", "a.warc"), ("pyarrow.parquet", "a.parquet")])
def test_a_missing_extra_is_one_sentence_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(PrescanError, match=r"pip install 'prescan\[audit\]'"):
        list(items(str(tmp_path / name), PLAN))


def test_a_plan_says_which_entry_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('office = "办公室"\n[retention]\n"公示公告" = 365\n', encoding="utf-8")
    assert load_plan(str(path)).retention == {"公示公告": 365}
    for text, wrong in (
        ("skips = []", "skips"),
        ('deadline_days = "5"', "deadline_days"),
        ("[retention]\nx = -1", "retention"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SettingsError, match=wrong):
            load_plan(str(path))
