"""The report for people: fits the terminal, holds no value, and lets no document steer it."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import PLEA, PROACTIVE, docx
from planted import CANARIES, ESCAPE, IN_TEXT, result

import prescan
from prescan import report
from prescan.report.columns import cell_len
from prescan.types import Suppression

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.[dhpt]*"))


def plain(results, **options) -> str:
    """Return the report of one or several results."""
    stream = io.BytesIO()
    listed = [results] if isinstance(results, prescan.ScanResult) else results
    report.write(listed, "plain", stream, report.Options(**options))
    return stream.getvalue().decode()


@pytest.fixture(scope="module")
def results(scanner) -> list[prescan.ScanResult]:
    """Return results of many shapes."""
    found = result(scanner)
    return [
        found,
        replace(found, findings=tuple(replace(f, suppressed=Suppression("已经本人同意公开")) for f in found.findings)),
        scanner.scan_text(PROACTIVE),
        scanner.scan_text(f"{PLEA}\n（此件主动公开）\n"),
        scanner.scan_text(""),
        scanner.scan_file("没有这个文件" * 12 + ".docx"),
        *(scanner.scan_file(file) for file in EXAMPLES),
    ]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc-1", 5),
        ("县民政局", 8),
        ("（a）", 5),
        ("e\u0301", 1),
        ("\u200b\x1b", 0),
        ("ＡＢ", 4),
        ("𡐓", 2),
        ("—…“”", 4),
    ],
)
def test_a_chinese_character_takes_two_columns(text, columns):
    assert cell_len(text) == columns


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(results, width):
    wide = [line for line in plain(results, width=width).splitlines() if cell_len(line) > width]
    assert wide == []


@pytest.mark.parametrize("width", [None, 20, 60, 80, 120])
def test_no_line_ends_in_white_space(results, width):
    assert [line for line in plain(results, width=width).splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize("place", CANARIES)
@pytest.mark.parametrize("width", [None, 60])
def test_no_planted_value_is_in_the_default_report(results, place, width):
    shown = plain(results[:1], width=width)
    assert CANARIES[place] not in shown
    assert CANARIES[place] not in "".join(shown.split())


def test_values_are_shown_on_request_and_the_report_says_so(results):
    shown = plain(results[0], show_values=True)
    assert IN_TEXT in shown
    assert shown.startswith("注意：")
    assert not plain(results[0]).startswith("注意：")


def test_a_report_has_no_colours_unless_asked(results):
    assert "\x1b" not in plain(results)
    assert "\x1b[1;31m" in plain(results, color=True)


def test_every_finding_is_there_with_level_place_clause_and_advice(results):
    one = results[0]
    shown = "".join(plain(one).split())
    for finding in one.findings:
        assert "".join(finding.advice.split()) in shown
        assert all("".join(clause.split()) in shown for clause in finding.basis)
    assert {"阻断", "复核"} <= set(plain(one).replace("  ", "\n").splitlines())


def test_every_unread_is_there_with_its_code(results):
    shown = plain(results[5])
    assert "未读完" in shown
    assert "（missing）" in shown


def test_the_last_lines_sum_up_and_leave_the_decision_to_a_person(results):
    tail = "".join(plain(results).split("\n\n")[-1].split())
    assert tail.startswith(f"{len(results)}个文件：阻断")
    versions = "，".join(f"{name}{version}" for name, version in results[0].versions.items())
    assert tail.endswith(f"机器只提示疑点，是否公开由人决定。{versions}")
    assert "可发布" not in plain(results)
    assert "违规" not in plain(results)


def steering(text: str) -> set[str]:
    """Return the characters of a text that are not for show."""
    return {char for char in text if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}


@pytest.mark.parametrize("width", [None, 60])
def test_a_text_with_escape_sequences_does_not_steer_the_terminal(scanner, width):
    text = f"关于{ESCAPE}救助的通知\n{ESCAPE}身份证号：{ESCAPE}{IN_TEXT}\u202e，\x9b31m住址："
    text += f"青禾县幸福路12号{ESCAPE}3单元402室\r\b\b"
    one = scanner.scan_bytes(text.encode(), name="a.txt")
    assert one.findings
    assert steering(plain(one, width=width)) == set()


def test_a_name_with_escape_sequences_does_not_steer_the_terminal(scanner):
    for name in (f"{ESCAPE}a.txt", "a\nb\r.txt", "a\u202etxt.exe", "\x9b2J.txt", "a\ud800.txt"):
        assert steering(plain(scanner.scan_bytes(IN_TEXT.encode(), name=name))) == set()
        assert steering(plain(scanner.scan_file(name))) == set()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.lists(st.sampled_from(["身份证号：", IN_TEXT, "机密★10年", "\n", "通知"]) | st.text(max_size=6)).map(
        "".join
    )
)
def test_any_text_gives_a_report_without_control_characters(scanner, text):
    shown = plain(scanner.scan_text(text), width=60)
    assert steering(shown) == set()
    assert IN_TEXT not in shown


def test_what_a_word_file_says_of_its_changes_does_not_steer_the_terminal(scanner):
    said = 'w:author="\x9b2J" w:date="2024-\x9b31m\u202e"'
    change = f'<w:p><w:ins w:id="1" {said}><w:r><w:t>新增文字</w:t></w:r></w:ins></w:p>'
    one = scanner.scan_bytes(docx("关于印发通知的说明", body=change), name="a.docx")
    assert "tracked_change" in [finding.type for finding in one.findings]
    assert steering(plain(one)) == set()


def test_of_many_files_only_those_to_look_at_are_listed(scanner):
    quiet = scanner.scan_text("请各科室按时参加植树活动。")
    assert (quiet.verdict, quiet.findings) == ("review", ())  # too short to tell the attribute
    blocked = scanner.scan_bytes(f"身份证号：{IN_TEXT}".encode(), name="名单.txt")
    unread = scanner.scan_file("没有.docx")
    many = [quiet] * 294 + [blocked] + [unread] + [scanner.scan_text(PROACTIVE)] * 4
    shown = plain(many).splitlines()
    assert shown[0].startswith("名单.txt  疑似不得公开")
    assert sum("未读完" in line for line in shown) == 1
    assert "".join(shown).count("文本过短") == 1  # the blocked one
    assert "另 298 份无疑点，公开属性待人工确定（无法判断 294，建议主动公开 4）。" in shown
    assert len(shown) < 20
    assert plain([quiet] * 10).count("文本过短") == 10


def test_a_suggestion_to_withhold_is_never_only_counted(scanner):
    result = scanner.scan_text(PROACTIVE)
    withheld = replace(result, suggestion=replace(result.suggestion, attribute="withheld"))
    assert plain([result] * 20).count("公开属性：建议") == 0
    assert plain([*[result] * 20, withheld]).count("公开属性：建议不予公开") == 1


def test_of_many_findings_each_rule_has_a_line(scanner):
    rows = "".join(f"身份证号：{IN_TEXT}\n" for _ in range(90))
    shown = plain(scanner.scan_text(f"救助名单\n{rows}内部资料，注意保存。\n")).splitlines()
    lines = [line for line in shown if line.startswith(("  阻断", "  复核", "  提示"))]
    assert len(lines) == 60
    assert "内部" in lines[-1]
    assert any("处未列出，全部疑点请看 html 或 xlsx 报告" in line for line in shown)
