"""Old office files, OpenDocument and mail: what real programs wrote comes out with its place.

relief.* are one text document, roster.* one workbook, talk.* one presentation, saved by LibreOffice in each format.
"""

from __future__ import annotations

import email.message
import gzip
import time
from pathlib import Path

import pytest
from invented import MOBILE, RESIDENT_ID

import prescan
from prescan.errors import ReadError
from prescan.formats import identify, read
from prescan.types import Block, Limits, Unread

FILES = Path(__file__).with_name("files")


def content(name):
    data = (FILES / name).read_bytes()
    return gzip.decompress(data) if name.endswith(".gz") else data


def items(data, name=""):
    return list(read(data, identify(data, name), Limits()))


def told(data, name=""):
    """Return part, text, cell and reason of each block that says something."""
    blocks = [item for item in items(data, name) if not isinstance(item, Unread)]
    return [(block.location.part, block.text, block.location.cell, block.hidden) for block in blocks]


@pytest.mark.parametrize("name", ["relief.doc", "relief.rtf", "relief.odt"])
def test_a_document_is_read_in_all_its_parts(name):
    found = told(content(name))
    assert found[:7] == [
        ("body", "关于发放临时救助金的通知", None, None),
        ("table", "姓名", "表1!A1", None),
        ("table", "身份证号", "表1!B1", None),
        ("table", "金额", "表1!C1", None),
        ("table", "赵小满", "表1!A2", None),
        ("table", "110101190203140028", "表1!B2", None),
        ("table", "500", "表1!C2", None),
    ]
    assert ("body", "表后正文第二段，请各村按期办理。", None, None) in found
    assert ("header", "页眉里的文字", None, None) in found
    assert "页脚里的文字" in {text for part, text, _, _ in found if part in {"header", "footer"}}
    assert ("comment", "批注里的意见", None, "comment") in found
    assert ("deleted", "删去的几个字", None, "tracked_change") in found
    assert ("hidden", "这句话被隐藏", None, "hidden_text") in found
    assert ("metadata", "作者：钱立", None, "metadata") in found
    visible = "".join(text for part, text, _, _ in found if part in {"body", "table"})
    assert "这句话被隐藏" not in visible
    assert "删去的几个字" not in visible
    assert any(part == "inserted" for part, _, _, _ in found)


@pytest.mark.parametrize("name", ["roster.xls", "roster.ods"])
def test_a_workbook_is_read_with_what_is_hidden_in_it(name):
    found = told(content(name))
    assert ("table", "110101190203140028", "名册!B2", None) in found
    assert ("hidden", "110101190507070061", "名册!B3", "hidden_row_column") in found
    assert ("hidden", "可见行", "名册!D4", "hidden_row_column") in found
    assert ("hidden", "隐藏表里的内容", "底稿!A1", "hidden_sheet") in found
    assert ("comment", "单元格里的批注", "名册!A2", "comment") in found
    assert not [place for part, _, place, _ in found if part == "table" and place and place.endswith("3")]
    lost = [item for item in items(content(name)) if isinstance(item, Unread)]
    assert [(item.code, "名册!E2" in item.detail) for item in lost] == [("corrupted", True)]


@pytest.mark.parametrize("name", ["talk.ppt.gz", "talk.odp"])
def test_a_presentation_is_read_slide_by_slide(name):
    blocks = [item for item in items(content(name)) if not isinstance(item, Unread)]
    shown = [(block.location.page, block.text) for block in blocks if block.location.part in {"body", "textbox"}]
    assert shown == [(1, "第一张的标题"), (1, "要点一"), (1, "要点二"), (2, "第二张的标题")]
    assert [block.text for block in blocks if block.location.part == "note"] == ["备注里的话"]


@pytest.mark.parametrize("name", ["relief.doc", "relief.rtf", "relief.odt", "roster.xls", "roster.ods"])
def test_the_number_in_the_table_is_found_at_its_cell(name):
    result = prescan.Scanner().scan_bytes(content(name), name=name)
    found = [one for one in result.findings if one.type == "resident_id" and one.location.part == "table"]
    assert found
    first = found[0]
    assert result.document.text[first.start : first.end] == "110101190203140028"
    assert first.location.cell in {"表1!B2", "名册!B2"}


@pytest.mark.parametrize(
    "name", ["relief.doc", "relief.rtf", "relief.odt", "roster.xls", "roster.ods", "talk.odp", "talk.ppt.gz"]
)
def test_a_cut_file_ends_soon_with_a_reason_or_with_what_it_has(name):
    data = content(name)
    for share in (0.1, 0.5, 0.9):
        cut = data[: int(len(data) * share)]
        started = time.monotonic()
        result = prescan.Scanner().scan_bytes(cut, name=name)
        assert result.unread or result.document.text.strip()
        assert not {"crashed", "timeout"} & {one.code for one in result.unread}
        assert time.monotonic() - started < 10


def mail(**headers):
    message = email.message.EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


def test_a_mail_is_read_with_headers_annexes_and_the_mail_in_it():
    inner = mail(Subject="转发的旧邮件", From="b@example.cn", Date="Mon, 05 Jan 2026 08:00:00 +0800")
    inner.set_content("旧邮件的正文")
    message = mail(
        Subject="救助名单",
        From="钱立 <a@example.cn>",
        To="c@example.cn",
        Bcc="d@example.cn",
        Date="Tue, 06 Jan 2026 08:00:00 +0800",
    )
    message.set_content("请查收附件。\n\n此致敬礼")
    message.add_alternative("<html><body><p>请查收附件。</p><p>此致敬礼</p></body></html>", subtype="html")
    message.add_attachment(f"赵小满 {RESIDENT_ID}".encode(), maintype="text", subtype="plain", filename="名单.txt")
    message.add_attachment(inner)
    blocks = [item for item in items(message.as_bytes()) if not isinstance(item, Unread)]
    places = [(block.location.part, block.text, block.location.member) for block in blocks]
    assert places[0] == ("body", "主题：救助名单", None)
    assert ("metadata", "密送：d@example.cn", None) in places
    assert [text for part, text, member in places if part == "body" and member is None].count("请查收附件。") == 1
    assert any(member == "名单.txt" and RESIDENT_ID in text for _, text, member in places)
    assert any("旧邮件的正文" in text for _, text, _ in places)


def test_what_the_plain_text_of_a_mail_says_beyond_the_page_is_hidden_text():
    message = mail(Subject="通知", From="a@example.cn", Date="Tue, 06 Jan 2026 08:00:00 +0800")
    message.set_content("页面也有的话\n\n只有纯文本里有的话")
    message.add_alternative("<html><body><p>页面也有的话</p></body></html>", subtype="html")
    found = told(message.as_bytes())
    assert ("hidden", "只有纯文本里有的话", None, "hidden_text") in found
    assert sum("页面也有的话" in text for _, text, _, _ in found) == 1


def test_each_mail_of_a_mailbox_is_a_member():
    one = b"From a@example.cn Mon Jan  5 08:00:00 2026\nFrom: a@example.cn\nSubject: %s\nDate: x\n\n%s\n\n"
    data = one % ("甲".encode(), "第一封".encode()) + one % ("乙".encode(), "第二封".encode())
    blocks = [item for item in items(data) if not isinstance(item, Unread)]
    assert [block.location.member for block in blocks if block.text in {"第一封", "第二封"}] == [
        "第1封.eml",
        "第2封.eml",
    ]


def test_mails_nested_without_end_are_refused_in_time():
    data = b"Subject: x\nFrom: a@b.cn\nDate: x\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n" * 3_000
    started = time.monotonic()
    found = prescan.Scanner().scan_bytes(data, name="a.eml")
    assert time.monotonic() - started < 60
    assert found.verdict == "unread"


def test_rtf_in_another_code_page_and_with_escapes():
    data = rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}\f0 \'d0\'d5\'c3\'fb\par \u36213?\u23567?\par}"
    assert [text for _, text, _, _ in told(data)] == ["姓名", "赵小"]


def test_rtf_groups_without_end_are_refused():
    with pytest.raises(ReadError, match="嵌套"):
        items(rb"{\rtf1" + b"{" * 100_000 + b"x")


def test_headers_and_words_beside_the_parts_of_a_mail_are_told_if_they_are_for_people():
    message = mail(Subject="通知", From="a@example.cn", Date="Tue, 06 Jan 2026 08:00:00 +0800")
    message["X-Note"], message["Message-ID"] = f"证件 {RESIDENT_ID}", f"<{MOBILE}@example.cn>"
    message.set_content("正文")
    message.make_mixed()
    message.preamble = f"see {MOBILE}"
    found = [(part, text, reason) for part, text, _, reason in told(message.as_bytes())]
    assert ("metadata", f"证件 {RESIDENT_ID}", "metadata") in found
    assert [text for _, text, _ in found if MOBILE in text] == [f"see {MOBILE}"]


def test_what_stands_beside_the_cells_of_a_workbook() -> None:
    """Headers, boxes, prompts and addresses of a file that LibreOffice wrote (make_old.py), notes once."""
    found = [item for item in items((FILES / "beside.xls").read_bytes()) if isinstance(item, Block)]
    assert [(item.location.part, item.hidden, item.text) for item in found][2:] == [
        ("header", None, "左页眉的暗记"),
        ("header", None, "中页眉的暗记"),
        ("footer", None, "页脚的暗记"),
        ("textbox", None, "文本框的暗记"),
        ("comment", "comment", "批注的暗记"),
        ("hidden", "hidden_text", f"http://a.cn/q?id={RESIDENT_ID}"),
        ("form", None, "提示标题的暗记"),
        ("form", None, "提示内容的暗记"),
        ("hidden", "hidden_text", "定义的名称里写着这家人住在石桥村九号院"),
    ]


def test_what_only_the_streams_say_is_told_as_stored() -> None:
    """Names of styles and bookmarks; what the page says is not told again."""
    found = [item for item in items((FILES / "beside.doc").read_bytes()) if isinstance(item, Block)]
    assert [(item.hidden, item.note, item.text) for item in found] == [
        (None, "", "看得见的正文"),
        ("hidden_text", "随文件保存的数据", "样式的名称里写着这家人住在石桥村"),
        ("hidden_text", "随文件保存的数据", "书签的名称里写着这家人住在石桥村"),
    ]


@pytest.mark.parametrize("name", ["relief.doc", "roster.xls", "embedded.doc", "sparse.xls"])
def test_streams_of_ordinary_documents_say_nothing_more(name: str) -> None:
    found = items((FILES / name).read_bytes())
    assert [item.text for item in found if isinstance(item, Block) and item.note == "随文件保存的数据"] == []
