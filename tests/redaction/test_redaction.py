"""The contract of redaction: what goes, what stays, when nothing is written, and what is said of it."""

from __future__ import annotations

import datetime
import io
import logging
import random
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import docx as python_docx
import openpyxl
import planted_values
import pytest
from docx.oxml import parse_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import PROACTIVE, RESIDENT_ID, docx, package, table

import prescan
from prescan.decisions import ledger
from prescan.formats.edits import Edit
from prescan.quality.generate import GENERATORS
from prescan.redaction import choose, redact
from prescan.types import Span

if TYPE_CHECKING:
    from prescan import Scanner

FILES = Path(__file__).parents[1] / "formats" / "files"
PHONE = "13800138003"
TEXT = f"申请人身份证号：{RESIDENT_ID}\n申请人手机：{PHONE}\n"


def copied(scanner: Scanner, text: str | bytes, name: str = "a.txt", **how) -> tuple[str, prescan.Redaction]:
    """Return the redacted copy of a text, and what was done."""
    out = io.BytesIO()
    done = redact(scanner, text.encode() if isinstance(text, str) else text, out, name=name, **how)
    return out.getvalue().decode("utf-8", "replace"), done


def test_values_give_way_to_their_masks_and_nothing_else_changes(scanner: Scanner) -> None:
    made, done = copied(scanner, TEXT)
    assert made == "申请人身份证号：11*************028\n申请人手机：138****8003\n"
    assert [finding.type for finding in done.removed] == ["resident_id", "mobile_phone"]
    assert done.left == done.listed == done.page_images == ()


@pytest.mark.parametrize("seed", range(4))
def test_a_redacted_copy_holds_no_weak_mask(scanner: Scanner, seed: int) -> None:
    """Our masks, and those that stood there and would give away what was removed."""
    chance = random.Random(seed)
    lines = []
    for _ in range(4):
        number = GENERATORS["resident_id"](chance)
        born = f"{number[6:10]}年{int(number[10:12])}月{int(number[12:14])}日"
        half = chance.choice([number[:14] + "****", number[:6] + "********" + number[14:], number])
        lines.append(f"姓名：何望舒\n性别：女\n出生日期：{born}\n身份证号：{number}\n原登记号码：身份证{half}\n\n")
    made, _ = copied(scanner, "".join(lines))
    assert [finding.type for finding in scanner.scan_text(made).findings if finding.type == "weak_mask"] == []


def test_bars(scanner: Scanner) -> None:
    made, _ = copied(scanner, TEXT, style="bar")
    assert made == f"申请人身份证号：{'█' * 18}\n申请人手机：{'█' * 11}\n"


@pytest.mark.parametrize("named", ["type", "id"])
def test_only_and_except_take_ids_types_and_categories(scanner: Scanner, named: str) -> None:
    found = {finding.type: finding for finding in scanner.scan_bytes(TEXT.encode(), name="a.txt").findings}
    one = getattr(found["resident_id"], named)
    made, done = copied(scanner, TEXT, only=[one])
    assert RESIDENT_ID not in made
    assert PHONE in made
    assert [finding.type for finding in done.left] == ["mobile_phone"]
    made, done = copied(scanner, TEXT, except_=[one])
    assert RESIDENT_ID in made
    assert PHONE not in made
    assert copied(scanner, TEXT, except_=["personal"])[0] == TEXT


def test_a_name_that_nothing_bears_is_an_error(scanner: Scanner) -> None:
    """A typing error must not leave a value in the copy, or take all away."""
    for how in ({"only": ["resident"]}, {"except_": ["0123456789abcdef"]}):
        with pytest.raises(prescan.PrescanError, match="没有"):
            copied(scanner, TEXT, **how)


def test_hidden_content_may_be_excepted_and_values_in_it_go_all_the_same(scanner: Scanner) -> None:
    """The comment stays, its author and the number in it do not."""
    data = reviewed(f"请核对，身份证号：{RESIDENT_ID}")
    said = zipped(scanner, data, "a.docx", "comment")
    assert "请核对" in said
    assert RESIDENT_ID not in said
    assert "祁岳" not in said
    assert "<w:ins " not in said
    said = zipped(scanner, data, "a.docx", "tracked_change")
    assert "<w:ins " in said
    assert "新增的话" in said
    assert "请核对" not in said
    assert "祁岳" not in said


def test_a_deletion_that_stays_does_not_keep_its_value(scanner: Scanner) -> None:
    gone = f"<w:del w:id='1'><w:r><w:delText>身份证号：{RESIDENT_ID}，改由他人办理</w:delText></w:r></w:del>"
    data = docx("标题", body=f"<w:p><w:r><w:t>正文</w:t></w:r>{gone}</w:p>")
    said = zipped(scanner, data, "a.docx", "tracked_change")
    assert "改由他人办理" in said
    assert RESIDENT_ID not in said


def test_hidden_rows_and_sheets_may_be_excepted(scanner: Scanner) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["姓名", "身份证号"], ["甲", RESIDENT_ID], ["乙", "无"]):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    book.create_sheet("底稿").append(["身份证号", RESIDENT_ID, "留着的话"])
    book["底稿"].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    out = io.BytesIO()
    redact(scanner, stream.getvalue(), out, name="a.xlsx", except_=["hidden_row_column", "hidden_sheet"])
    again = openpyxl.load_workbook(out)
    assert again.sheetnames[1:] == ["底稿"]
    assert again.worksheets[1].sheet_state == "hidden"
    assert again.worksheets[1]["C1"].value == "留着的话"
    assert again.worksheets[0].row_dimensions[2].hidden
    assert again.worksheets[0]["B3"].value == "无"
    values = [str(cell) for sheet in again.worksheets for row in sheet.values for cell in row]
    assert RESIDENT_ID not in values
    assert any("*" in value for value in values)


def test_hidden_content_is_excepted_by_type_and_where_the_format_can(scanner: Scanner) -> None:
    data = (Path(__file__).parents[2] / "examples" / "会议纪要-修订.docx").read_bytes()
    one = next(f.id for f in scanner.scan_bytes(data, name="a.docx").findings if f.type == "tracked_change")
    with pytest.raises(prescan.PrescanError, match="只能整类保留：修订痕迹"):
        copied(scanner, data, "a.docx", except_=[one])
    page = "<html><body><p>正文</p><p hidden>藏着的话</p></body></html>".encode()
    with pytest.raises(prescan.ReadError, match="不能保留：隐藏"):
        copied(scanner, page, "a.html", except_=["hidden_text"])


def reviewed(*remarks: str) -> bytes:
    """Return a Word document with comments and an insertion, all by one person."""
    document = python_docx.Document()
    for remark in remarks:
        paragraph = document.add_paragraph(f"正文，关于{len(remark)}。")
        document.add_comment(paragraph.runs, text=remark, author="祁岳")
    who = 'w:id="9" w:author="祁岳" w:date="2026-01-05T08:00:00Z"'
    change = f"<w:p {planted_values.W}><w:ins {who}><w:r><w:t>新增的话</w:t></w:r></w:ins></w:p>"
    document.element.body.insert_element_before(parse_xml(change), "w:sectPr")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(scanner: Scanner, data: bytes, name: str, *spared: str) -> str:
    """Return all parts of a redacted copy."""
    out = io.BytesIO()
    redact(scanner, data, out, name=name, except_=spared)
    with zipfile.ZipFile(out) as parts:
        return "".join(parts.read(part).decode("utf-8", "replace") for part in parts.namelist())


def test_decisions_keep_what_was_accepted_and_delete_what_was_named(scanner: Scanner, tmp_path: Path) -> None:
    data = TEXT.encode()
    result = scanner.scan_bytes(data, name="a.txt")
    phone = next(finding for finding in result.findings if finding.type == "mobile_phone")
    accepted = {phone.id: ledger.Decision(ledger.LAWFUL, "已获授权同意", "王某")}
    held = ledger.DocumentDecisions(result.document.sha256, "a.txt", remove=(Span(0, 3),), findings=accepted)
    path = tmp_path / "decisions.json"
    ledger.write(path, [held])
    for decisions in (path, str(path), [held]):
        made, done = copied(scanner, TEXT, decisions=decisions)
        assert made == f"身份证号：11*************028\n申请人手机：{PHONE}\n"
        assert [finding.suppressed.reason for finding in done.left if finding.suppressed] == ["已获授权同意"]


def test_an_expired_decision_keeps_nothing(scanner: Scanner) -> None:
    result = scanner.scan_bytes(TEXT.encode(), name="a.txt")
    past = ledger.Decision(ledger.LAWFUL, "已获授权同意", "王某", datetime.date(2020, 1, 1))
    held = ledger.DocumentDecisions(None, "a.txt", findings={finding.id: past for finding in result.findings})
    assert PHONE not in copied(scanner, TEXT, decisions=[held])[0]


def test_spans_of_another_file_delete_nothing(scanner: Scanner) -> None:
    other = ledger.DocumentDecisions("0" * 64, "a.txt", remove=(Span(0, 3),))
    assert copied(scanner, TEXT, decisions=[other])[0].startswith("申请人")


@pytest.mark.parametrize("mark", ["机密★10年\n" + TEXT, "内部资料 不得外传\n" + TEXT])
def test_a_secret_or_internal_mark_gives_no_copy(scanner: Scanner, tmp_path: Path, mark: str) -> None:
    source, out = tmp_path / "a.txt", tmp_path / "out.txt"
    source.write_text(mark, encoding="utf-8")
    for how in ({}, {"only": ["resident_id"]}, {"except_": ["state_secret", "work_secret"]}):
        with pytest.raises(prescan.RedactionRefused, match="不得以脱敏代替解密审核"):
            redact(scanner, source, out, **how)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]


def test_a_mark_that_was_accepted_stays_as_it_is(scanner: Scanner) -> None:
    """A secret mark is never rewritten: a person who accepted it as a false alarm keeps it."""
    text = "内部资料 不得外传\n" + TEXT
    result = scanner.scan_bytes(text.encode(), name="a.txt")
    alarm = ledger.Decision(ledger.FALSE_ALARM, "引用的书名", "王某")
    marks = {finding.id: alarm for finding in result.findings if finding.category in {"work_secret", "state_secret"}}
    made, _ = copied(scanner, text, decisions=[ledger.DocumentDecisions(None, findings=marks)])
    assert made.startswith("内部资料 不得外传\n")
    assert RESIDENT_ID not in made


def test_a_handling_slip_goes_once_a_person_has_accepted_its_mark_and_named_it(scanner: Scanner) -> None:
    """办文笺: the mark forbids a copy; accepted and named under `remove`, the slip is deleted, the document stays."""
    slip = "拟办意见：请周局长阅示，建设科承办。林某3月2日"
    data = docx(slip, "道路养护情况", TEXT)
    with pytest.raises(prescan.RedactionRefused):
        copied(scanner, data, "a.docx")
    result = scanner.scan_bytes(data, name="a.docx")
    accepted = ledger.Decision(ledger.LAWFUL, "办文单由 remove 删除", "王某")
    held = ledger.DocumentDecisions(
        result.document.sha256,
        remove=(Span(0, len(slip)),),
        findings={finding.id: accepted for finding in result.findings if finding.category == "work_secret"},
    )
    out = io.BytesIO()
    redact(scanner, data, out, name="a.docx", decisions=[held])
    text = scanner.scan_bytes(out.getvalue(), name="a.docx").document.text
    assert "拟办意见" not in text
    assert text.startswith("道路养护情况")


def test_headers_that_repeat_are_masked_everywhere(scanner: Scanner) -> None:
    """First, odd and even pages have headers of their own; the scan tells one of them."""
    document = python_docx.Document()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.first_page_header, section.even_page_header):
        header.paragraphs[0].text = f"经办人身份证号：{RESIDENT_ID}"
    document.add_paragraph("正文")
    stream = io.BytesIO()
    document.save(stream)
    out = io.BytesIO()
    done = redact(scanner, stream.getvalue(), out, name="a.docx")
    assert [finding.type for finding in done.removed].count("resident_id") == 1
    copy = python_docx.Document(io.BytesIO(out.getvalue())).sections[0]
    for header in (copy.header, copy.first_page_header, copy.even_page_header):
        assert header.paragraphs[0].text == "经办人身份证号：11*************028"


def test_what_is_left_gives_no_copy(scanner: Scanner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = tmp_path / "a.txt", tmp_path / "out.txt"
    source.write_text(TEXT, encoding="utf-8")
    real = scanner.convert

    def lazy(task: str, data: bytes, name: str, arguments: list) -> tuple[dict, bytes]:
        return ({}, data) if task == "rewrite" else real(task, data, name, arguments)

    monkeypatch.setattr(scanner, "convert", lazy)
    with pytest.raises(prescan.RedactionFailed, match="居民身份证号"):
        redact(scanner, source, out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]


def test_what_no_reader_reads_gives_no_copy(scanner: Scanner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path of a link is not read as text; the search of the bytes finds the value there."""
    source, out = tmp_path / "a.html", tmp_path / "out.html"
    source.write_text(f"<p>申请人身份证号：{RESIDENT_ID}</p>", encoding="utf-8")
    real = scanner.convert

    def sly(task: str, data: bytes, name: str, arguments: list) -> tuple[dict, bytes]:
        said, made = real(task, data, name, arguments)
        return said, made.replace(b"</body>", f'<a href="/{RESIDENT_ID}"></a></body>'.encode())

    monkeypatch.setattr(scanner, "convert", sly)
    with pytest.raises(prescan.RedactionFailed, match="居民身份证号"):
        redact(scanner, source, out)
    assert not out.exists()


def test_sources_that_cannot_be_rewritten_give_no_copy(scanner: Scanner, tmp_path: Path) -> None:
    out = tmp_path / "out"
    archive = package({"a.txt": TEXT})
    sources = {"missing": tmp_path / "nothing.docx", "unsupported": archive, "empty": b""}
    sources["encrypted"] = (FILES / "password.pdf").read_bytes()
    for code, source in sources.items():
        with pytest.raises(prescan.ReadError) as caught:
            redact(scanner, source, out, name="a" if isinstance(source, bytes) else "")
        assert caught.value.code == code
    assert not out.exists()


def test_the_source_is_never_written_over(scanner: Scanner, tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text(TEXT, encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(source)
    for out in (source, tmp_path / "link.txt", tmp_path / "." / "a.txt"):
        with pytest.raises(prescan.PrescanError, match="不能写回原文件"):
            redact(scanner, source, out)
    assert source.read_text(encoding="utf-8") == TEXT


def test_a_name_that_promises_another_format_is_no_reason_to_give_no_copy(scanner: Scanner) -> None:
    page = f"<!doctype html><html><body><p>申请人身份证号：{RESIDENT_ID}</p></body></html>"
    made, done = copied(scanner, page, "公示.docx")
    assert RESIDENT_ID not in made
    assert "wrong_extension" in {finding.type for finding in done.removed}


def test_a_result_of_other_bytes_is_refused(scanner: Scanner) -> None:
    result = scanner.scan_bytes(b"nothing", name="a.txt")
    with pytest.raises(prescan.PrescanError, match="sha256"):
        redact(scanner, TEXT.encode(), io.BytesIO(), result)


def test_the_library_call(tmp_path: Path) -> None:
    """Also after the room was imported: its name must not take the place of the function."""
    source, out = tmp_path / "a.txt", tmp_path / "out.txt"
    source.write_text(TEXT, encoding="utf-8")
    for _ in range(2):
        done = prescan.redact(source, out)
        assert isinstance(done, prescan.Redaction)
        assert RESIDENT_ID not in out.read_text(encoding="utf-8")
    assert prescan.redact(source, io.BytesIO(), prescan.scan(source), only=("mobile_phone",)).left
    barred = io.BytesIO()
    prescan.redact(TEXT.encode(), barred, style="bar", name="a.txt")
    assert "█" * len(RESIDENT_ID) in barred.getvalue().decode()


def test_nothing_said_or_raised_shows_a_value(
    scanner: Scanner, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        _, done = copied(scanner, docx(TEXT, body=table(("身份证号", RESIDENT_ID))), "a.docx")
        with pytest.raises(prescan.RedactionRefused) as caught:
            copied(scanner, "机密★10年\n" + TEXT)
    said = [repr(done), repr(caught.value), caplog.text, *capfd.readouterr(), *done.cleaned, *done.listed]
    assert not [text for text in said if RESIDENT_ID in text or PHONE in text]


def test_parts_to_delete_are_listed_for_a_person(scanner: Scanner) -> None:
    """Those that a copy still holds, with the clause and without a word of them."""
    made, done = copied(scanner, f"{PROACTIVE}\n{TEXT}", except_=("mobile_phone",))
    (said,) = done.listed
    assert said.startswith("区分处理：建议删除的部分 1 处（条例 第十五条）")
    assert PHONE in made
    assert PHONE not in said
    assert copied(scanner, f"{PROACTIVE}\n{TEXT}")[1].listed == ()


def test_masks_that_overlap_take_the_stricter_character() -> None:
    edits = [Edit(0, 6, "12****"), Edit(4, 8, "56**"), Edit(7, 9, "")]
    assert choose._merged("123456789", edits[:2]) == [Edit(0, 8, "12******")]
    assert choose._merged("123456789", edits) == [Edit(0, 9, "")]


@pytest.mark.parametrize(
    ("value", "masked", "made"),
    [
        ("13800138000", "138****8000", "138****8000"),
        ("某县和平路12号", "某县***", "某县******"),
        ("糖尿病", "糖尿病", "***"),
        ("138 0013\n8000", "138*********", "138 ****\n****"),
        ("王小明", "王**", "王**"),
    ],
)
def test_replacements_keep_length_and_layout(scanner: Scanner, value: str, masked: str, made: str) -> None:
    finding = replace(scanner.scan_text(TEXT).findings[0], masked=masked)
    assert choose.replacement(value, finding) == made
    assert choose.replacement(value, finding, whole=True).replace("*", "").strip() == ""


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), order=st.permutations(range(5)))
def test_a_redacted_copy_scanned_again_has_none_of_what_was_removed(
    scanner: Scanner, seed: int, order: list[int]
) -> None:
    held = planted_values.Planted(seed)
    sentences = [
        f"申请人身份证号：{held.id('id')}。",
        f"联系手机{held.phone('phone')}，勿转。",
        f"银行卡号：{held.card('card')}",
        "家庭住址：青禾县和平路12号3单元502室",
        f"<b>证件</b>，身份证号码 {held.id('more')}",
    ]
    text = "\n".join(sentences[index] for index in order)
    for source, name in (
        (text.encode(), "a.txt"),
        (docx(*text.replace("<b>", "").replace("</b>", "").split("\n")), "a.docx"),
    ):
        out = io.BytesIO()
        done = redact(scanner, source, out, name=name)
        again = scanner.scan_bytes(out.getvalue(), name=name)
        removed = {finding.type for finding in done.removed}
        assert removed >= {"resident_id", "mobile_phone", "bank_card", "address"}
        assert not removed & {finding.type for finding in again.findings if finding.level != "note"}
        assert not [value for value in held.values.values() if value in again.document.text]


def test_what_refers_to_a_part_that_is_left_out_refers_to_nothing(scanner: Scanner) -> None:
    """Word calls a file damaged in which a relation is named that is not there."""
    kept, gone = "http://www.w3.org/plain", "http://www.w3.org/asked?for=1"
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<w:p><w:hyperlink xmlns:r="{space}" r:id="{name}"><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>'
        for name in ("rId7", "rId8")
    )
    relations = "".join(
        f'<Relationship Id="{name}" Type="{space}/hyperlink" Target="{target}" TargetMode="External"/>'
        for name, target in (("rId7", kept), ("rId8", gone))
    )
    listing = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {"_rels/document.xml.rels": f'<Relationships xmlns="{listing}">{relations}</Relationships>'}
    with zipfile.ZipFile(io.BytesIO(docx(f"身份证号：{RESIDENT_ID}", body=links))) as source:
        held = {name: source.read(name).decode() for name in source.namelist()}
    data = package({**held, **{f"word/{name}": content for name, content in parts.items()}})
    out = io.BytesIO()
    redact(scanner, data, out, name="a.docx")
    with zipfile.ZipFile(out) as made:
        body, listed = (made.read(f"word/{name}").decode() for name in ("document.xml", "_rels/document.xml.rels"))
    assert body.count("链接") == 2
    assert "rId7" in body
    assert "rId8" not in body
    assert kept in listed
    assert gone not in listed
