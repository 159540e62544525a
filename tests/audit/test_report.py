"""What people and programs get of an audit: masked, escaped, bounded pages, and a ledger that goes back in."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
from audits import DAY, KEY, brief
from needed import needs

from prescan.audit import bulletin, doubts, exports, ledger, ledger_back, results, statistics
from prescan.audit.plan import Plan
from prescan.audit.report import site
from prescan.types import Context

if TYPE_CHECKING:
    from pathlib import Path

    from audits import Filled

    import prescan

PLAN = Plan(owners={"县民政局": "办公室"}, office="青禾县政务公开办")
HOSTILE = "<script>alert(1)</script>\"'=cmd|x"


def context(**said: Any) -> Context:
    return Context(**{"stage": "published", "channel": "公示公告", "unit": "县民政局", **said})


def leak(number: int = 0) -> dict[str, Any]:
    return brief((f"{number:02x}", "resident_id", "block"), sha256=f"{number:064x}")


def written(filled: Filled, folder: Path) -> dict[str, str]:
    names = site.write(filled.store, folder, PLAN)
    return {name: (folder / name).read_text(encoding="utf-8") for name in names}


def test_text_of_documents_is_never_markup_and_only_addresses_are_links(filled: Filled, tmp_path: Path) -> None:
    pages = {
        "https://x.example/a.html?q=<b>": (leak(), context(title=HOSTILE, unit=HOSTILE)),
        "javascript:alert(2)": (leak(1), context(title="乙")),
    }
    filled.look(pages)
    for text in written(filled, tmp_path / "out").values():
        assert "<script>alert" not in text
        assert 'href="javascript' not in text
    assert 'href="https://x.example/a.html?q=&lt;b&gt;"' in (tmp_path / "out" / "index.html").read_text(
        encoding="utf-8"
    )


def test_a_page_may_run_its_own_script_only_and_load_nothing(filled: Filled, tmp_path: Path) -> None:
    filled.look({"a.html": leak()})
    pages = written(filled, tmp_path / "out")
    assert "index.html" in pages
    for text in pages.values():
        (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in text
        assert not re.findall(r"(?:src|href)=[\"'](?:https?:)?//", text)


def test_at_most_500_rows_a_page_and_none_is_lost(filled: Filled, tmp_path: Path) -> None:
    filled.look({f"https://x.example/{n}.html": (leak(n % 200), context()) for n in range(1_203)})
    pages = written(filled, tmp_path / "out")
    rows = {name: text.count('<span class="level-block">') for name, text in pages.items()}
    assert rows["index.html"] == 50
    assert 'href="urgent.html"' in pages["index.html"]
    assert max(rows.values()) == 500
    assert sum(count for name, count in rows.items() if name.startswith("urgent")) == 1_203
    assert sum(count for name, count in rows.items() if name.startswith("channel-001")) == 1_203
    assert 'href="channel-001-2.html"' in pages["channel-001.html"]


@pytest.mark.parametrize(("rows", "further"), [(50, False), (51, True)])
def test_a_list_of_the_urgent_is_written_where_the_first_page_does_not_hold_them(
    filled: Filled, tmp_path: Path, rows: int, *, further: bool
) -> None:
    filled.look({f"https://x.example/{n}.html": (leak(n % 200), context()) for n in range(rows)})
    pages = written(filled, tmp_path / "out")
    assert ("urgent.html" in pages) is further
    assert pages["index.html"].count('<span class="level-block">') == 50


@pytest.mark.parametrize(("rows", "files"), [(500, 1), (501, 2), (1_000, 2)])
def test_every_link_of_the_report_leads_somewhere(filled: Filled, tmp_path: Path, rows: int, files: int) -> None:
    unread = brief(verdict="unread", unread=[["encrypted", "有口令", "b"]])
    filled.look({f"https://x.example/{n}.html": (leak(n % 200), context()) for n in range(rows)})
    filled.look({f"https://x.example/{n}.html": (unread, context()) for n in range(rows)})
    pages = written(filled, tmp_path / "out")
    links = {link for text in pages.values() for link in re.findall(r'href="([^":#]+)"', text)}
    assert links <= pages.keys()
    assert sum(name.startswith("unread") for name in pages) == files
    assert sum(name.startswith("channel-001") for name in pages) == files


def test_the_index_says_what_leaders_ask(filled: Filled, tmp_path: Path) -> None:
    filled.look(
        {"a.html": (leak(), context()), "b.html": brief(verdict="unread", unread=[["encrypted", "有口令", "b"]])}
    )
    filled.look({"a.html": (brief(sha256="9" * 64), context()), "c.html": (leak(3), context())})
    text = written(filled, tmp_path / "out")["index.html"]
    for said in ("新增 1", "已整改 1", "立即处理", "历次对比", "误报率", "疑似不得公开", "清理搜索引擎快照"):
        assert said in text
    assert "违规" not in text
    assert "可发布" not in text


def test_without_the_extra_the_report_is_complete_except_charts(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.look({"a.html": (leak(), context())})
    pytest.importorskip("pygal")
    drawn = written(filled, tmp_path / "with")["index.html"]
    monkeypatch.setitem(sys.modules, "pygal", None)
    plain = written(filled, tmp_path / "without")["index.html"]
    assert "<svg" in drawn
    assert "<svg" not in plain
    assert "pip install 'prescan[audit]'" in plain
    assert plain.count("<tr>") == drawn.count("<tr>")


def sheet_rows(data: bytes) -> dict[str, list[dict[str, str]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = {}
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        found[sheet.title] = [dict(zip(rows[0], (value or "" for value in row), strict=True)) for row in rows[1:]]
    return found  # type: ignore[return-value]


FIELDS = (
    "序号 单位/栏目 页面URL或文件 发布时间 问题类型 问题位置（页码/单元格/段落） 风险级别 "
    "建议处置 责任人 整改期限 整改结果 复查结果 销号时间 "
    "缓存/搜索引擎清理"
).split()


def book(filled: Filled) -> bytes:
    stream = io.BytesIO()
    ledger.write(filled.store, stream, KEY, PLAN)
    return stream.getvalue()


def test_the_ledger_has_a_sheet_a_unit_and_the_fields_in_use(filled: Filled) -> None:
    pages = {
        "https://x.example/a.html": (leak(), context(title="=1+1")),
        "b.html": (leak(1), context(unit="石桥镇/人民政府[一]")),
    }
    filled.look(pages)
    sheets = sheet_rows(book(filled))
    assert set(sheets) == {"县民政局", "石桥镇_人民政府_一_"}
    (row,) = sheets["县民政局"]
    assert set(FIELDS) <= set(row)
    assert (row["单位/栏目"], row["责任人"], row["风险级别"]) == ("县民政局/公示公告", "办公室", "阻断")
    assert (row["整改期限"], row["复查结果"]) == ("2026-11-27", "新增")
    assert row["标题"] == "'=1+1"


def fill(data: bytes, path: Path, **said: str) -> Path:
    """Fill the first line of the first sheet as a unit does."""
    filled_in = openpyxl.load_workbook(io.BytesIO(data))
    sheet = filled_in.worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    for name, value in said.items():
        sheet.cell(3, heads.index(name) + 1, value)
    filled_in.save(path)
    return path


def test_decisions_come_back_and_hold_for_what_they_were_made_on(
    filled: Filled, tmp_path: Path, scanner: prescan.Scanner
) -> None:
    filled.look({"a.html": (leak(), context())})
    path = fill(book(filled), tmp_path / "台账.xlsx", 人工判断="误报", 理由="样例号码", 判断人="某科")
    two = brief(("00", "resident_id", "block"), ("aa", "resident_id", "block"), sha256="7" * 64)
    batch = filled.look({"a.html": (two, context())})  # a second doubt came before the ledger did
    taken = ledger_back.take(filled.store, ledger_back.read(path, scanner), KEY, DAY)
    assert (taken.lines, taken.refused) == (1, ())
    (left,) = doubts.rows(filled.store, batch)
    assert left.fingerprints == (bytes.fromhex("6161" * 16),)
    figures = statistics.headline(filled.store, batch)
    assert (figures["accepted"], figures["block"]) == (1, 1)
    ((rule, _, count, decided, wrong),) = statistics.rule_health(filled.store)
    assert (rule, count, decided, wrong) == ("T-resident_id", 2, 1, 1)
    shown = sheet_rows(book(filled))["县民政局"]
    assert sorted(row["人工判断"] for row in shown) == ["", "误报"]


def test_what_was_not_read_is_not_counted_as_free_of_doubts(filled: Filled) -> None:
    unread = {"verdict": "unread", "media_type": None, "unread": [["no_text_layer", "图片", "b"]]}
    filled.look({"a.html": (leak(), context()), "b.jpg": (brief(**unread), context()), "c.html": (brief(), context())})
    assert statistics.items_by_level(filled.store, doubts.CHANNEL) == {"公示公告": {"block": 1, "unread": 1, "none": 1}}
    assert statistics.headline(filled.store, 1)["annexes"] == 1  # a picture is no page, though nothing of it was read


def test_places_are_those_of_the_level_and_say_when_there_are_more(filled: Filled) -> None:
    many = [(f"0{number}", "resident_id", "block") for number in range(4)]
    batch = filled.look({"a.html": brief(("aa", "resident_id", "review"), *many)})
    first, second = doubts.rows(filled.store, batch)
    assert (first.number, first.where, first.said) == (4, "第1段等", "某处 00")
    assert (second.number, second.where, second.said) == (1, "第1段", "某处 aa")


@needs("soffice", there=shutil.which("soffice") is not None)
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_ledger_saved_by_libreoffice_goes_back_in(
    filled: Filled, tmp_path: Path, scanner: prescan.Scanner, kind: str
) -> None:
    batch = filled.look({"a.html": (leak(), context()), "b.html": (leak(3), context())})
    fill(book(filled), tmp_path / "台账.xlsx", 人工判断="误报", 理由="样例号码", 判断人="某科")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "存"), "台账.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    taken = ledger_back.take(filled.store, ledger_back.read(tmp_path / "存" / f"台账.{kind}", scanner), KEY, DAY)
    assert (taken.lines, taken.refused) == (1, ())
    assert statistics.headline(filled.store, batch)["block"] == 1


def test_a_changed_mind_comes_back_too(filled: Filled, tmp_path: Path, scanner: prescan.Scanner) -> None:
    batch = filled.look({"a.html": (leak(), context())})
    data = book(filled)
    for verdict, left in (("误报", 0), ("属实须处理", 1)):
        path = fill(data, tmp_path / "台账.xlsx", 人工判断=verdict, 理由="再核", **{"缓存/搜索引擎清理": "是"})
        assert ledger_back.take(filled.store, ledger_back.read(path, scanner), KEY, DAY).lines == 1
        assert len(list(doubts.rows(filled.store, batch))) == left


def _hide_the_row(sheet: Any, _: dict[str, int]) -> None:
    sheet.row_dimensions[3].hidden = True


def _hide_the_numbers(sheet: Any, at: dict[str, int]) -> None:
    sheet.column_dimensions[sheet.cell(2, at["编号"]).column_letter].hidden = True


def _rename(sheet: Any, at: dict[str, int]) -> None:
    sheet.cell(2, at["人工判断"], "人工判断（必填）")


def _take_out_the_numbers(sheet: Any, at: dict[str, int]) -> None:
    sheet.delete_cols(at["编号"])


def _contradict(sheet: Any, at: dict[str, int]) -> None:
    for column in at.values():
        sheet.cell(5, column, sheet.cell(3, column).value)
    sheet.cell(5, at["人工判断"], "属实须处理")


def _turn_round(sheet: Any, at: dict[str, int]) -> None:
    for row in range(2, 5):
        for column, value in enumerate([sheet.cell(row, column).value for column in reversed(at.values())], 1):
            sheet.cell(row, column).value = value


def _merge(sheet: Any, at: dict[str, int]) -> None:
    sheet.merge_cells(start_row=3, end_row=4, start_column=at["人工判断"], end_column=at["人工判断"])


@pytest.mark.parametrize(
    ("edit", "lines", "empty", "why"),
    [
        (_turn_round, 1, 1, ""),
        (_merge, 1, 1, ""),
        (_hide_the_numbers, 1, 1, ""),
        (_hide_the_row, 0, 1, "县民政局 第 3 行：这一行是隐藏或筛选掉的"),
        (_rename, 0, 0, "县民政局：没有“人工判断”列"),
        (_take_out_the_numbers, 0, 0, "县民政局：没有“编号”列"),
        (_contradict, 1, 1, "县民政局 第 5 行：编号与县民政局 第 3 行相同"),
    ],
)
def test_a_ledger_that_was_edited_loses_nothing_silently(  # noqa: PLR0913, PLR0917
    filled: Filled, tmp_path: Path, scanner: prescan.Scanner, edit: Any, lines: int, empty: int, why: str
) -> None:
    filled.look({"a.html": (leak(), context()), "b.html": (leak(3), context())})
    path = fill(book(filled), tmp_path / "台账.xlsx", 人工判断="误报", 理由="样例号码", 判断人="某科")
    edited = openpyxl.load_workbook(path)
    sheet = edited["县民政局"]
    edit(sheet, {cell.value: cell.column for cell in sheet[2]})
    edited.save(path)
    taken = ledger_back.take(filled.store, ledger_back.read(path, scanner), KEY, DAY)
    assert (taken.lines, taken.empty, len(taken.refused)) == (lines, empty, bool(why))
    assert not why or taken.refused[0].startswith(why)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"人工判断": "误报"}, "要写理由"),
        ({"人工判断": "大概没事", "理由": "x"}, "人工判断应是"),
        ({"整改结果": "弄好了"}, "整改结果应是"),
        ({"编号": "0123456789abcdef-1", "人工判断": "属实须处理"}, "没有对应的疑点"),
        ({"编号": "", "人工判断": "属实须处理"}, "没有对应的疑点"),
    ],
)
def test_a_line_that_cannot_be_taken_is_told_with_its_place(
    filled: Filled, tmp_path: Path, scanner: prescan.Scanner, said: dict[str, str], why: str
) -> None:
    batch = filled.look({"a.html": (leak(), context())})
    path = fill(book(filled), tmp_path / "台账.xlsx", **said)
    taken = ledger_back.take(filled.store, ledger_back.read(path, scanner), KEY, DAY)
    assert taken.lines == 0
    assert taken.refused[0].startswith("县民政局 第 3 行")
    assert why in taken.refused[0]
    assert statistics.headline(filled.store, batch)["accepted"] == 0


def test_exports_are_lines_of_one_shape(filled: Filled) -> None:
    filled.look({"https://x.example/a b.html": (leak(), context(title="=cmd")), "b.html": (leak(1), context())})
    batch = filled.look({"https://x.example/a b.html": (leak(), context(title="=cmd"))})
    made = {}
    for name in ("jsonl", "csv", "sarif"):
        stream = io.BytesIO()
        results.FORMATS[name][0](filled.store, stream, KEY, PLAN)
        made[name] = stream.getvalue()
    lines = [json.loads(line) for line in made["jsonl"].splitlines()]
    assert {(one["place"], one["state"]) for one in lines} == {
        ("https://x.example/a b.html", "still"),
        ("b.html", "fixed"),
    }
    rows = list(csv.DictReader(io.StringIO(made["csv"].decode("utf-8-sig"))))
    assert {row["标题"] for row in rows if row["标题"]} == {"'=cmd"}
    sarif = json.loads(made["sarif"])
    states = {one["baselineState"]: one for one in sarif["runs"][0]["results"]}
    assert set(states) == {"unchanged", "absent"}
    uri = states["unchanged"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "https://x.example/a%20b.html"
    assert batch == 2


def test_parquet_holds_what_jsonl_holds(filled: Filled) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    filled.look({"a.html": (leak(), context())})
    stream = io.BytesIO()
    exports.parquet(filled.store, stream, KEY, PLAN)
    (row,) = parquet.read_table(io.BytesIO(stream.getvalue())).to_pylist()
    assert row == next(exports.records(filled.store, KEY))


def test_the_notice_names_units_and_files_and_what_is_asked_for(filled: Filled) -> None:
    filled.look({"https://x.example/a.html": (leak(), context(title="低保对象名单"))})
    stream = io.BytesIO()
    bulletin.write(filled.store, stream, KEY, PLAN)
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(stream.getvalue())).paragraphs)
    for said in ("县民政局：", "《低保对象名单》", "居民身份证号 1 处", "2026年11月27日前完成", "青禾县政务公开办"):
        assert said in text


def test_everything_is_written_with_a_manifest_for_its_owner_only(filled: Filled, tmp_path: Path) -> None:
    filled.look({"a.html": (leak(), context())})
    results.write(filled.store, tmp_path / "out", KEY, PLAN)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {*manifest["files"], "manifest.json"}
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}
    assert manifest["counts"]["new.block"] == 1


def test_withheld_is_counted_by_its_reason() -> None:
    assert statistics._reasons({"state_secret"}, '["条例 第十四条"]') == ["国家秘密"]
    assert statistics._reasons(set(), '["条例 第十六条第二款"]') == ["过程性信息"]
    assert statistics._reasons({""}, "[]") == []
