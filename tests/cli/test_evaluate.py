"""`prescan evaluate`: figures, floors, mistakes without values, and what to give where there are no documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from prescan.cli import main
from prescan.quality import evaluate

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = """genre: 公示
---
姓名\t身份证号\t手机号
[[person_name:何望舒]]\t[[resident_id]]\t[[mobile_phone|spaced]]
[[person_name:丁一鸣]]\t[[resident_id|fullwidth]]\t[[mobile_phone]]
受理编号[[!order_no]]，值班电话[[!office_phone]]，受理[[address:这不是住址]]一件，编号1101[[passport:E00000000]]。
"""


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Return a folder of two labelled documents."""
    folder = tmp_path / "标注" / "甲"
    folder.mkdir(parents=True)
    for name in ("1.txt", "2.txt"):
        (folder / name).write_text(DOCUMENT, encoding="utf-8")
    return folder.parent


def run(*arguments: str) -> int:
    """Return the exit code of a command."""
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", *arguments])
    return int(ended.value.code or 0)


def test_the_figures_of_labelled_documents(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(documents)) == 0
    shown = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:] for line in shown.splitlines() if line.strip()}
    assert rows["resident_id"] == ["4", "0", "1.000", "1.000", "1.000", "1.000", "1.000"]
    assert rows["passport"][:3] == ["2", "0", "0.000"]
    assert "fullwidth 2/2" in shown
    assert "spaced 2/2" in shown
    assert "office_phone 0/2" in shown
    assert "公开属性" not in shown


def test_mistakes_are_shown_without_values(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(documents), "--errors", "3") == 0
    shown = capsys.readouterr().out
    assert "漏 甲/1.txt passport plain " in shown
    assert "E00000000" not in shown
    assert "何望舒" not in shown
    assert sum(line.startswith(("漏", "误")) for line in shown.splitlines()) == 3
    assert run(str(documents), "--show-values") == 0
    assert "【E00000000】" in capsys.readouterr().out


@pytest.mark.parametrize(("floor", "code"), [(0.99, 0), (1.01, 1)])
def test_the_gate_is_one_under_a_floor(
    documents: Path, capsys: pytest.CaptureFixture[str], floor: float, code: int
) -> None:
    (documents / "floors.json").write_text(json.dumps({"甲": {"f1 resident_id": floor}}), encoding="utf-8")
    assert run(str(documents), "--gate") == code
    assert ("低于底线  甲：f1 resident_id 1.000 < 1.010" in capsys.readouterr().out) is bool(code)
    assert run(str(documents)) == 0


def test_a_floor_without_its_figure_is_missed(documents: Path, tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text('{"乙": {"f1 resident_id": 0.5}}', encoding="utf-8")
    assert run(str(documents), "--gate", "--floors", str(tmp_path / "f.json")) == 1


def test_groups_joined_in_the_floors_are_taken_together(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = documents / "乙"
    other.mkdir()
    (other / "1.txt").write_text("genre: 函\n---\n护照[[passport]]，护照[[passport]]。\n", encoding="utf-8")
    floors = {"甲": {"f1 resident_id": 1}, "甲+乙": {"f1 passport": 0.4}, "甲+丙": {"f1 passport": 0.0}}
    (documents / "floors.json").write_text(json.dumps(floors), encoding="utf-8")
    assert run(str(documents), "--gate") == 0
    floors["甲+丙"]["f1 passport"] = 0.1
    (documents / "floors.json").write_text(json.dumps(floors), encoding="utf-8")
    assert run(str(documents), "--gate") == 1
    assert run(str(documents), "--gate", "--group", "甲") == 0
    assert run(str(documents), "--group", "丁") == 2
    said = capsys.readouterr()
    assert "甲+丙：f1 passport 0.000 < 0.100" in said.out
    assert "没有 丁 这个组，有的是 乙、甲" in said.err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[[adress:某地]]", "没有 adress 这种类型，最接近的是 address"),
        ("[[person_name]]", "请写成 [[person_name:值]]"),
        ("[[resident_id|wide]]", "没有 wide 这种写法"),
    ],
)
def test_a_wrong_tag_is_named(documents: Path, capsys: pytest.CaptureFixture[str], body: str, said: str) -> None:
    (documents / "甲" / "3.txt").write_text(f"genre: 函\n---\n{body}\n", encoding="utf-8")
    assert run(str(documents)) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "3.txt" in error


def test_what_cannot_be_used_is_two(documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "空"
    empty.mkdir()
    assert [run(str(empty)), run(str(tmp_path / "无")), run(str(documents), "--gate")] == [2, 2, 2]
    (tmp_path / "f.json").write_text('{"甲": 1}', encoding="utf-8")
    assert run(str(documents), "--gate", "--floors", str(tmp_path / "f.json")) == 2
    said = capsys.readouterr().err.splitlines()
    assert ["没有标注文档" in said[0], "没有" in said[1], "没有底线文件" in said[2], "读不懂" in said[3]] == [True] * 4


def test_outside_a_checkout_it_says_what_to_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(evaluate, "resource_dir", lambda name: tmp_path / name)
    assert run() == 2
    said = capsys.readouterr().err
    assert "请给出标注文稿的目录" in said
    assert "[[person_name:某人]]" in said


def test_the_shipped_models_and_rules_are_above_their_floors(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--gate", "--errors", "0") == 0
    shown = capsys.readouterr().out
    assert "项数字都不低于底线" in shown
    assert "公开属性（d、m 组）" in shown


def test_the_attribute_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "属性" / "甲"
    folder.mkdir(parents=True)
    text = "某镇人民政府关于解决饮水管网资金的请示\n县人民政府：\n恳请安排抢修资金六十五万元。妥否，请批示。\n"
    for label in ("withheld", "proactive"):
        head = f"label: {label}\nkind: 请示\n---\n"
        (folder / f"{label}.txt").write_text(head + text * 3, encoding="utf-8")
    assert run("--attribute", str(folder.parent)) == 0
    shown = capsys.readouterr().out
    assert "公开属性（甲 组）" in shown
    assert "| 准确率 | 0.500 |" in shown
    assert "resident_id" not in shown
