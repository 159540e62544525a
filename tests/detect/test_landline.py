"""Whose telephone a landline is: told from the text around it, in sentences that nothing was trained on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from prescan.detect import Reading
from prescan.detect.landline import LandlineModel, features, shown
from prescan.errors import ModelError
from prescan.formats.text import lines
from prescan.quality.landlines import Row, measured, train
from prescan.resources import resource_dir
from prescan.types import Document

if TYPE_CHECKING:
    from pathlib import Path

    from prescan.scanner import Scanner

NUMBER = "0999-8812345"


def reading(text: str) -> Reading:
    return Reading.of(Document.of("", "text/plain", None, lines(text)))


@pytest.mark.parametrize(
    "text",
    [
        f"报案人何满堂，男，62岁，住柳树村三组，电话{NUMBER}，称昨晚丢羊两只。",
        f"姓名\t年龄\t住处\t电话\n何满堂\t62\t柳树村三组\t{NUMBER}\n丁一鸣\t58\t柳树村五组\t0999-8812346\n",
        f"老人独居，儿子在外，打{NUMBER}要多响几声。",
    ],
)
def test_a_persons_landline_is_found_without_a_label(scanner: Scanner, text: str) -> None:
    found = [finding for finding in scanner.scan_text(text).findings if finding.type == "landline_phone"]
    assert text[found[0].start : found[0].end] == NUMBER
    assert found[0].rule_id == "PII-060"


@pytest.mark.parametrize(
    "text",
    [
        f"受理单位：柳树县民政局，地址：解放路3号，电话：{NUMBER}。",
        f"科室\t负责人\t电话\n办公室\t何满堂\t{NUMBER}\n财务股\t丁一鸣\t0999-8812346\n",
        f"逾期不领取的，请与柳树镇党政办联系（{NUMBER}）。",
        f"采购人：柳树县中心小学  联系人：何老师  联系方式：{NUMBER}",
    ],
)
def test_an_offices_landline_is_none(scanner: Scanner, text: str) -> None:
    assert not [finding for finding in scanner.scan_text(text).findings if finding.type == "landline_phone"]


def test_numbers_of_people_become_one_character() -> None:
    assert shown(f"身份证110101190203140028，手机138 0000 1902，电话{NUMBER}，3组") == "身份证身，手机机，电话话，0组"


def test_training_is_the_same_for_the_same_rows() -> None:
    def row(group: str, text: str, *, private: bool) -> Row:
        start = text.index(NUMBER)
        return Row(group, features(reading(text), start, start + len(NUMBER)), private)

    rows = [row(group, f"住柳树村{group}组，家里{NUMBER}", private=True) for group in "一二三四"]
    rows += [row(group, f"第{group}办公室，咨询{NUMBER}", private=False) for group in "一二三四"]
    first, second = train(rows), train(rows)
    assert (first.weights == second.weights).all()
    assert list(measured(rows)) == [f"{group}\t1/1\t误 0/1" for group in "一二三四"]


def test_a_model_that_was_changed_is_not_loaded(tmp_path: Path) -> None:
    shutil.copytree(resource_dir("models") / "landlines", tmp_path / "m")
    (tmp_path / "m" / "weights.npz").write_bytes(b"")
    with pytest.raises(ModelError, match="固定电话模型"):
        LandlineModel.load(tmp_path / "m")
