"""An office's own form, decisions in the record, what goes to the authority, the letter to third parties."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import built
import docx
import pytest
from written import shown, written

import prescan
from prescan import report
from prescan.errors import PrescanError
from prescan.report.record_fields import fields
from prescan.report.statutes import clauses
from prescan.types import Suppression


def rows(data: bytes) -> dict[str, str]:
    """Return the rows of a form: label → what stands beside it."""
    tables = docx.Document(io.BytesIO(data)).tables
    return {row.cells[0].text: row.cells[-1].text for table in tables for row in table.rows}


def form(folder, *texts: str, header: str = "") -> str:
    """Make an office's form; a text with | is cut there into runs."""
    made = docx.Document()
    for text in texts:
        paragraph = made.add_paragraph()
        for piece in text.split("|"):
            paragraph.add_run(piece)
    made.add_table(1, 2).rows[0].cells[0].text = "结论 {{ 机审结论 }}"
    made.sections[0].header.paragraphs[0].text = header
    path = folder / "form.docx"
    made.save(path)
    return str(path)


def test_an_office_form_is_filled_in_place_of_its_fields(folder):
    template = form(folder, "名称：{{标|题}}（{|{文号}}）", "{{疑点清单}}", header="{{机审日期}}")
    made = docx.Document(io.BytesIO(written(built.found(), "record", template=template)))
    assert made.paragraphs[0].text == f"名称：{built.TITLE}（青民公〔2026〕3号）"
    assert made.sections[0].header.paragraphs[0].text == "2026-03-02"
    assert made.tables[0].rows[0].cells[0].text.startswith("结论 疑似不得公开，请先处理")
    assert "阻断 居民身份证号 1 处" in made.paragraphs[1].text
    assert not [one.text for one in made.paragraphs if "{{" in one.text]


def test_every_field_may_stand_in_a_form_and_none_holds_a_value(folder):
    held = fields(built.found(), report.Options(decisions=built.decisions()))
    template = form(folder, *(f"{{{{{name}}}}}" for name in held))
    text = shown(written(built.found(), "record", template=template, decisions=built.decisions()), "record")
    for name, value in held.items():
        assert value.split("\n")[0] in text, name
    assert [value for value in built.VALUES if value in text] == []


def test_a_field_that_does_not_exist_is_named_with_those_that_do(folder):
    with pytest.raises(PrescanError, match=r"\{\{题目\}\} 不认识.*标题"):
        written(built.found(), "record", template=form(folder, "{{题目}}"))


def test_a_form_that_cannot_be_used_is_said(folder):
    (folder / "a.docx").write_bytes(b"PK")
    empty = folder / "b.docx"
    docx.Document().save(empty)
    for path, words in ((folder / "a.docx", "docx"), (folder / "没有.docx", "读不了"), (empty, "没有")):
        with pytest.raises(PrescanError, match=words):
            written(built.found(), "record", template=str(path))
    with pytest.raises(PrescanError, match="一次只写一个"):
        written(built.every(), "record", template=form(folder))


def test_what_people_decided_stands_in_the_record_and_signatures_stay_empty():
    held = rows(written(built.found(), "record", decisions=built.decisions()))
    assert held["公开属性"].count("☑") == 1
    assert "☑ 不予公开" in held["公开属性"]
    assert held["不公开的依据或理由"] == "条例 第十六条第一款"
    assert held["疑点处置"].startswith("误报 1 处，属实须处理 1 处，已处置 1 处，未处置 4 处")
    assert "李某" in held["疑点处置"]
    assert "李某" not in held["终审（分管负责人）"]
    assert "□ 可以公开" in held["审查结论"]


def test_decisions_are_matched_by_the_ids_of_findings_too():
    (document,) = built.decisions()
    elsewhere = replace(document, sha256="0" * 64)
    text = shown(written(built.found(), "record", decisions=(elsewhere,)), "record")
    assert "误报（公务联系方式）" in text
    unknown = replace(document, sha256="0" * 64, findings={})
    assert "☑" not in shown(written(built.found(), "record", decisions=(unknown,)), "record")


def test_what_only_the_authority_can_settle_comes_with_what_to_send():
    held = rows(written(built.secret(), "record"))
    materials = held["不能确定：报送材料清单"]
    assert "政府信息文本" in materials
    assert "不能确定原因" in materials
    assert "条例 第十七条第三款" in clauses()
    assert "不能确定：报送材料清单" not in rows(written(built.found(), "record"))


def test_of_suspected_secrets_the_record_quotes_the_keyword_only():
    text = shown(written(built.secret(), "record"), "record")
    assert "值守兵力" in text
    assert "兵力布置" not in text


def test_the_parts_to_remove_are_listed_with_their_clause():
    assert (
        rows(written(built.found(), "record"))["区分处理：拟删除的部分"]
        == "居民身份证号（条例 第十五条）：第1页 表1 B2 共 1 处"
    )


def test_one_line_for_the_slip_says_attribute_ground_and_review():
    said = rows(written(built.found(), "record"))["公文处理单意见"]
    assert said.startswith("公开属性：建议主动公开（条例 第二十一条），区分处理。")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("attribute", "words", "absent"),
    [
        ("on_request", ("第十五条、第三十二条", "收到公开", "逾期未提出意见的"), "参照"),
        ("proactive", ("第十五条，并参照第三十二条", "拟主动公开", "没有法定答复期限"), "收到公开《"),
    ],
)
def test_the_letter_cites_what_applies(attribute, words, absent):
    found = built.found()
    one = replace(found, suggestion=replace(found.suggestion, attribute=attribute))
    text = shown(written(one, "consultation"), "consultation")
    assert [word for word in words if word not in text] == []
    assert absent not in text
    assert "〔收到征求意见之日起15个工作日〕" in text
    assert "〔第三方名称〕" in text


def test_there_is_no_letter_where_no_third_party_is_concerned():
    for one in (built.clear(), built.unread()):
        text = shown(written(one, "consultation"), "consultation")
        assert "回　执" not in text
    silenced = replace(built.found(), findings=tuple(one for one in built.found().findings if one.suppressed))
    assert "没有起草" in shown(written(silenced, "consultation"), "consultation")


_TABLE = Path(__file__).with_name("office_forms.tsv").read_text(encoding="utf-8").splitlines()[1:]
FIELDS = {title: (name, wanted) for title, name, wanted in (line.split("\t") for line in _TABLE)}


@pytest.mark.parametrize("title", FIELDS)
def test_every_form_of_an_office_has_its_fields(title):
    name, wanted = FIELDS[title]
    text = shown(written(built.found(), name), name)
    assert title in text
    assert [word for word in wanted.split(" ") if word not in text] == []


def test_where_every_doubt_was_accepted_nothing_says_that_none_was_found():
    found = built.found()
    handled = replace(
        found,
        findings=tuple(replace(one, suppressed=Suppression("已核", "李")) for one in found.findings),
        unread=(),
        verdict="clear",
    )
    counted = "疑点均已处置（阻断 3 处，复核 3 处，提示 1 处，其中已处置 7 处）"
    record = fields(handled, report.Options())
    assert record["机审结论"] == counted
    assert "个人隐私、个人信息：已处置 4 处" in record["逐项审查"]
    register = shown(written(handled, "register"), "register")
    assert counted in register
    assert " | 3 | 3 | 1 | 0 | " in register
    for name in ("plain", "xlsx", "html", "sarif", "forms"):
        text = shown(written(handled, name), name)
        assert "疑点均已处置（7 处）" in text, name
        assert "未见疑点" not in text.replace("“未见疑点”不等于可以公开", ""), name
    assert "未见疑点" in shown(written(built.clear(), "plain"), "plain")


def test_an_internal_mark_is_no_state_secret_in_any_form():
    found = built.secret()
    marked = replace(found.findings[1], category="work_secret", type="internal_mark")
    one = replace(found, findings=(marked,), suggestion=replace(found.suggestion, handling="whole"))
    said = "国家秘密：未见；工作秘密、内部标志：疑似 1 处"
    assert said in fields(one, report.Options())["逐项审查"]
    assert rows(written(one, "forms"))["是否涉密（机审提示，由人确定）"].startswith(f"{said}\n")


def test_forms_say_what_the_machine_saw_and_leave_the_rest_to_people():
    held = rows(written(built.secret(), "forms"))
    assert held["是否涉密（机审提示，由人确定）"].startswith("国家秘密：疑似 1 处，请先报保密审查；")
    assert "兵力布置" not in shown(written(built.secret(), "forms"), "forms")
    assert held["供稿人"] == ""
    assert "□ 是  □ 否" in held["是否上网（机审提示，由人确定）"]
    clear = rows(written(built.clear(), "forms"))
    assert clear["是否上网（机审提示，由人确定）"].startswith("未见疑点，建议主动公开；是否上网由人决定")
    assert "未读完" in rows(written(built.unread(), "forms"))["是否上网（机审提示，由人确定）"]


def test_other_organs_are_asked_where_a_document_concerns_them():
    found = built.found()
    joint = replace(found.findings[6], type="joint_document", category="flow", basis=("条例 第十一条第一款",))
    text = shown(written(replace(found, findings=(joint,)), "coordination"), "coordination")
    assert "条例 第十一条第一款" in text
    assert "机审未见联合制发" not in text
    assert "机审未见联合制发" in shown(written(found, "coordination"), "coordination")
    assert {"条例 第十一条", "条例 第三十四条"} <= set(clauses())


def test_what_is_sent_to_the_authority_holds_the_text_itself(tmp_path):
    source = tmp_path / "方案.txt"
    source.write_bytes(b"3")
    with zipfile.ZipFile(io.BytesIO(written(built.secret(), "referral", source=str(source)))) as package:
        names = package.namelist()
        assert package.read(names[3]) == b"3"
    assert [name[0] for name in names] == list("1234")
    with pytest.raises(PrescanError, match="读不到"):
        written(built.secret(), "referral", source=str(tmp_path / "没有"))


@pytest.mark.parametrize(("others", "source"), [((), b"other"), (("0" * 64,), b"3"), ((None,), b"3")])
def test_nothing_is_sent_that_was_not_scanned(others, source):
    """Neither another file, nor, of several results, one file as the source of all of them."""
    first = built.secret()
    results = [first, *(replace(first, document=replace(first.document, sha256=digest)) for digest in others)]
    out = io.BytesIO()
    with pytest.raises(PrescanError, match="不是同一份"):
        prescan.write(results, "referral", out, source=source)
    assert not out.getvalue()


def test_a_month_without_anything_is_reported_too():
    assert "本月无公开信息" in shown(written([], "monthly"), "monthly")
    assert "2026年3月" in shown(written(built.every(), "monthly"), "monthly")
