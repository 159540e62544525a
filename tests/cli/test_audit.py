"""The commands of `prescan audit`: exit codes for cron, one sentence for what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prescan.cli import main

if TYPE_CHECKING:
    from pathlib import Path

LEAK = "<p>身份证号：110101190203140028</p>"
CLEAN = "<p>本周工作动态。</p>" * 20


def code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["audit", *arguments])
    return int(ended.value.code or 0)


@pytest.fixture
def mirror(folder: Path) -> Path:
    (folder / "prescan.toml").write_text('names = "off"\njobs = 1\n', encoding="utf-8")
    (folder / "site").mkdir()
    (folder / "site" / "a.html").write_text(CLEAN, encoding="utf-8")
    return folder / "site"


def look(kind: str = "run") -> int:
    return code(kind, "site", "--store", "a.sqlite", "--out", "out", "--today", "2026-11-20")


def test_exit_codes_follow_what_is_open(mirror: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert look() == 0
    (mirror / "b.pdf").write_bytes(b"%PDF-1.7 broken")
    assert look() == 3
    (mirror / "c.html").write_text(LEAK, encoding="utf-8")
    assert look() == 1
    said = capsys.readouterr()
    assert "需立即下线 1" in said.out
    assert "未变化 2" in said.err
    assert "110101190203140028" not in said.out + said.err
    assert code("diff", "--store", "a.sqlite", "--list") == 1
    assert "新增  阻断  居民身份证号 1 处" in capsys.readouterr().out
    (mirror / "c.html").write_text(CLEAN, encoding="utf-8")
    assert look("verify") == 3
    assert "已整改 1 条" in capsys.readouterr().out
    assert code("diff", "--store", "a.sqlite", "--fail-on", "never") == 3
    assert code("report", "--store", "a.sqlite", "--format", "jsonl") == 0
    assert '"state": "fixed"' in capsys.readouterr().out
    assert code("report", "--store", "a.sqlite", "-o", "again") == 0
    assert (mirror.parent / "again" / "index.html").exists()


def test_what_was_taken_down_is_to_be_cleared_from_caches_until_someone_says_so(
    mirror: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mirror / "c.html").write_text(LEAK, encoding="utf-8")
    assert look() == 1
    assert "搜索引擎快照" not in capsys.readouterr().err
    (mirror / "c.html").unlink()
    for kind in ("run", "verify"):
        assert look(kind) == 0
        assert "已撤下的有 1 件，请清理搜索引擎快照" in capsys.readouterr().err


def test_shards_of_their_own_are_merged_by_a_command(mirror: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mirror / "c.html").write_text(LEAK, encoding="utf-8")
    for number in "12":
        shard = ("--store", f"{number}.sqlite", "--out", "out", "--shard", f"{number}/2", "--today", "2026-11-20")
        assert code("run", "site", *shard) == 0
    assert code("merge", "1.sqlite", "--store", "all.sqlite", "--out", "out") == 2
    assert "缺第 2 片" in capsys.readouterr().err
    assert code("merge", "1.sqlite", "2.sqlite", "--store", "all.sqlite", "--out", "out") == 1
    said = capsys.readouterr()
    assert "合并 2 份，2 件" in said.err
    assert "需立即下线 1" in said.out
    assert (mirror.parent / "out" / "index.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("crawl", "www.x.example", "-o", "a.warc.gz"), "不是网址"),
        (("crawl", "http://x.example/", "-o", "a.zip"), ".warc.gz"),
        (("merge", "none.sqlite", "--store", "a.sqlite", "--out", "out"), "找不到"),
        (("report", "--store", "none.sqlite"), "没有审计库"),
        (("run", "nowhere", "--store", "a.sqlite", "--out", "out"), "找不到来源"),
        (("run", "site", "--store", "a.sqlite", "--out", "out", "--shard", "3/2"), "--shard"),
        (("run", "site", "--store", "no/such/a.sqlite", "--out", "out"), "无法建立审计库"),
        (("run", "site", "--store", "a.sqlite", "--out", "out", "--plan", "none.toml"), "找不到审计方案"),
        (("run", "site", "--out", "out"), "--store"),
        (("run", "site", "--store", "a.sqlite", "--out", "site/out"), "请写到别处"),
        (("run", "site", "--store", "site/a.sqlite", "--out", "out"), "请写到别处"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    mirror: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert mirror.is_dir()
    assert code(*arguments) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("错误：")
    assert said in shown


def test_binary_formats_need_a_file(mirror: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mirror.is_dir()
    assert look() == 0
    capsys.readouterr()
    assert code("report", "--store", "a.sqlite", "--format", "xlsx") == 2
    assert "请用 -o" in capsys.readouterr().err
    assert code("report", "--store", "a.sqlite", "--format", "xlsx", "-o", "a.sqlite") == 2
    assert code("report", "--store", "a.sqlite", "--format", "xlsx", "-o", "t.xlsx") == 0
    assert code("decide", "t.xlsx", "--store", "a.sqlite") == 0  # a ledger without lines
    assert code("decide", "site/a.html", "--store", "a.sqlite") == 2
