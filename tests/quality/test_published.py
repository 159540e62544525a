"""What is said against documents that were meant to be public is counted, and the count can fail."""

from dataclasses import replace

import pytest

from prescan.quality.published import Count, count, main

PUBLIC = (
    "某某市人民政府关于印发公共交通发展规划的通知\n某政发〔2026〕3号\n各区人民政府，市政府各部门：\n"
    "现将《某某市公共交通发展规划》印发给你们，请认真贯彻落实。规划期内新增公交线路二十条，票价优惠政策继续执行，"
    "老年人和学生乘车优惠，具体办法由市交通运输局向社会公布，欢迎市民提出意见。\n某某市人民政府\n2026年3月2日\n（此件公开发布）"
)
MARKED = "机密★10年\n某某市指挥部文件\n关于防护工作的通知\n各县区：\n按照方案执行，点位见附表，人员另行通知。"


def test_a_public_document_is_no_failure_and_a_marked_one_is(scanner):
    good = [("甲", scanner.scan_text(PUBLIC))] * 12
    counted = count(good)
    assert (counted.documents, counted.levels["block"], counted.withheld) == (12, 0, 0)
    assert "有阻断" not in counted.failures()
    bad = count([*good, ("乙", scanner.scan_text(MARKED))])
    assert "有阻断" in bad.failures()


def test_a_text_that_could_not_be_read_counts_as_unread_only(scanner):
    counted = count([("空", replace(scanner.scan_text("   "), suggestion=None))])
    assert (counted.documents, counted.unread) == (0, 1)


@pytest.mark.parametrize(
    ("count_", "said"),
    [
        (Count(documents=60, fitting=60, abstained=15), []),
        (Count(documents=60, fitting=56, abstained=0), ["建议主动公开或不作判断的太少"]),
        (Count(documents=60, fitting=60, abstained=16), ["不作判断的太多"]),
        (Count(documents=60, fitting=60, withheld=1), ["有建议不予公开的"]),
    ],
)
def test_each_figure_has_its_limit(count_, said):
    assert count_.failures() == said


def test_a_folder_is_counted_and_the_gate_says_no(tmp_path, capsys):
    (tmp_path / "甲.txt").write_text(MARKED, encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert main([str(tmp_path), "--gate"]) == 1
    assert "阻断 1" in capsys.readouterr().out
    assert main([str(tmp_path / "没有")]) == 2
