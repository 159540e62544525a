"""Reports as the command line writes them: a folder of marked copies, an office's own form, formats of one file."""

from __future__ import annotations

import io
import re
import stat

import docx as python_docx
import pytest
from invented import RESIDENT_ID
from running import TEXT, prescan_with, write

import prescan
from prescan.cli import output
from prescan.cli.run import Scanned
from prescan.report import WRITERS


def word(text: str) -> bytes:
    """Return a Word file."""
    made = python_docx.Document()
    made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_is_written_readable_by_its_owner_only(folder, name):
    write(folder / "a.docx", word(TEXT.strip()))
    done = prescan_with("scan", "a.docx", "--format", name, "-o", "out")
    assert (done.returncode, done.stderr) == (1, b"")
    assert (folder / "out").stat().st_size
    assert stat.S_IMODE((folder / "out").stat().st_mode) == 0o600
    if name != "marked":  # it is the document itself
        assert RESIDENT_ID.encode() not in (folder / "out").read_bytes()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        *(("报告.html", b"<!DOCTYPE html"), ("结果.json", b'{\n  "schema"'), ("结果.jsonl", b'{"schema"')),
        *(("疑点.csv", "\ufeff文件,".encode()), ("疑点.XLSX", b"PK"), ("prescan.sarif", b"{")),
        *(("报告.txt", b"a.txt  "), ("报告", b"a.txt  ")),
    ],
)
def test_the_format_follows_the_suffix(folder, name, start):
    write(folder / "a.txt", TEXT)
    assert prescan_with("scan", "a.txt", "-o", name).returncode == 1
    assert (folder / name).read_bytes().lower().startswith(start.lower())


def test_reports_of_files_with_one_name_are_told_apart_by_their_folders(folder):
    named = ("甲/通知.txt", f"{RESIDENT_ID}/通知.txt", "乙/公告.txt")
    for name in named:
        write(folder / name, TEXT)
    assert prescan_with("scan", *named, "--format", "record", "-o", "out").returncode == 1
    made = sorted(path.name for path in (folder / "out").iterdir())
    hidden = RESIDENT_ID[:2] + "x" * 13 + RESIDENT_ID[-3:]
    assert made == sorted(["甲-通知-审查记录.docx", f"{hidden}-通知-审查记录.docx", "公告-审查记录.docx"])


def test_on_a_terminal_it_is_said_where_the_report_is_and_how_it_came_out(folder, monkeypatch, capsys):
    write(folder / "a.txt", TEXT)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    output.report_written("报告.html", [Scanned("a.txt", prescan.scan(folder / "a.txt"))])
    assert re.fullmatch(
        r"已写入 报告.html。1 个文件：阻断 1，复核 \d+，提示 \d+；未读 0。结论：.+。\n", capsys.readouterr().err
    )


def test_marked_copies_of_a_folder_say_what_could_not_be_marked(folder):
    write(folder / "稿" / "a.docx", word(TEXT.strip()))
    write(folder / "稿" / "b.txt", TEXT)
    done = prescan_with("scan", "稿", "--format", "marked", "-o", "out")
    assert done.returncode == 1
    assert [path.name for path in (folder / "out").iterdir()] == ["a-批注.docx"]
    assert "b-批注.txt 没有写出" in done.stderr.decode()
    comments = list(python_docx.Document(folder / "out" / "a-批注.docx").comments)
    assert [one.author for one in comments] == ["prescan 机审"]


def test_a_report_that_cannot_be_written_leaves_nothing_behind_and_takes_nothing_away(folder):
    write(folder / "a.txt", TEXT)
    write(folder / "earlier.docx", "earlier")
    assert prescan_with("scan", "a.txt", "--format", "marked", "-o", "earlier.docx").returncode == 2
    assert (folder / "earlier.docx").read_text(encoding="utf-8") == "earlier"
    done = prescan_with("scan", "a.txt", "--format", "marked", "-o", "out.txt")
    assert done.returncode == 2
    assert "docx、pdf" in done.stderr.decode()
    assert not (folder / "out.txt").exists()


def test_an_office_form_comes_from_the_option_or_the_settings(folder):
    form = python_docx.Document()
    form.add_paragraph("本局审查表：{{文件名}}")
    form.save(folder / "form.docx")
    write(folder / "a.txt", TEXT)
    (folder / "sub").mkdir()
    write(folder / "prescan.toml", 'record_template = "form.docx"\n')
    prescan_with("scan", "a.txt", "--format", "record", "-o", "1.docx", "--template", "form.docx")
    prescan_with("scan", "a.txt", "--format", "record", "-o", "2.docx", "--config", "prescan.toml")
    for name in ("1.docx", "2.docx"):
        assert python_docx.Document(folder / name).paragraphs[0].text == "本局审查表：a.txt"
    done = prescan_with("scan", "a.txt", "--format", "record", "-o", "3.docx", "--template", "没有.docx")
    assert (done.returncode, (folder / "3.docx").exists()) == (2, False)
    assert "没有.docx" in done.stderr.decode()


def test_decisions_stand_in_the_record(folder):
    write(folder / "a.txt", TEXT)
    accept = ("--write-baseline", "d.json", "--reason", "公开的样例")
    prescan_with("scan", "a.txt", *accept)
    prescan_with("scan", "a.txt", "--baseline", "d.json", "--format", "record", "-o", "r.docx")
    table = python_docx.Document(folder / "r.docx").tables[0]
    text = "\n".join(cell.text for row in table.rows for cell in row.cells)
    assert "误报（公开的样例）" in text
