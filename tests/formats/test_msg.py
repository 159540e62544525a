"""Outlook mail: heads, texts in any code page, annexes, mails inside mails."""

from __future__ import annotations

import datetime

import pytest
from make_ole import compound, mail
from reading import by_member, items

from prescan.errors import ReadError
from prescan.formats.old import msg
from prescan.types import Block, Limits, Unread

SUBJECT, SENDER, SENDER_ADDRESS, SENT, BODY, RTF, HTML = 0x0037, 0x0C1A, 0x5D01, 0x0039, 0x1000, 0x1009, 0x1013
NAME, ADDRESS, CONTENT, FILE, SHORT = 0x3001, 0x39FE, 0x3701, 0x3707, 0x3704
PAGE_CODES, TEXT_CODES = 0x3FDE, 0x3FFD


def said(data: bytes) -> list[str]:
    """Return the texts of a mail."""
    return [item.text for item in items(data, "x.msg") if isinstance(item, Block) and item.text]


def test_head_text_and_annex() -> None:
    day = datetime.datetime(2024, 3, 1, 2, 3, 4, tzinfo=datetime.UTC) - datetime.datetime(
        1601, 1, 1, tzinfo=datetime.UTC
    )
    texts = {SUBJECT: "征求意见", SENDER: "祁岳", SENDER_ADDRESS: "qy@example.cn", BODY: "请于周五前反馈。\r\n此致"}
    recipient = mail({NAME: "沈渡", ADDRESS: "sd@example.cn"}, head=8)
    annex = mail({FILE: "名单.txt", CONTENT: "附件里的话".encode()}, head=8)
    found = items(
        compound(mail(texts, {SENT: int(day.total_seconds()) * 10**7}, recip=recipient, attach=annex)), "x.msg"
    )
    assert by_member(found) == [
        (None, "主题：征求意见"),
        (None, "发件人：祁岳 <qy@example.cn>"),
        (None, "收件人：沈渡 <sd@example.cn>"),
        (None, "日期：2024-03-01 02:03:04+00:00"),
        (None, "请于周五前反馈。"),
        (None, "此致"),
        ("名单.txt", "附件里的话"),
    ]
    assert [item.location.member for item in found if isinstance(item, Block) and item.hidden] == ["名单.txt"]


def test_the_sender_that_the_headers_name_counts() -> None:
    texts = {0x007D: "From: 张某 <z@example.cn>\r\nTo: x@example.cn\r\n", SENDER: "另一人", BODY: "正文"}
    assert said(compound(mail(texts)))[:1] == ["发件人：张某 <z@example.cn>"]


@pytest.mark.parametrize(
    ("codec", "page"), [("gb18030", 936), ("gb18030", None), ("big5", 950), ("utf-8", 65001), ("gb18030", 54936)]
)
def test_texts_in_a_code_page(codec: str, page: int | None) -> None:
    """朱镕 is not in GB 2312, as which code page 936 is often read."""
    text = "關於召開會議的通知" if codec == "big5" else "请朱镕、张喆同志参加会议"
    numbers = {TEXT_CODES: page} if page else {}
    assert said(compound(mail({SUBJECT: text, BODY: text}, numbers, codec=codec))) == [f"主题：{text}", text]


@pytest.mark.parametrize(
    ("codec", "page", "text"),
    [
        ("cp1251", 1251, "Ответ на ваше письмо"),
        ("latin-1", 28591, "La réponse à vos attentes"),
        ("shift_jis", 932, "会議のお知らせ"),
        ("gb18030", 1252, "请张喆同志于周五前反馈，谢谢"),
        ("utf-8", 1252, "请张喆同志于周五前反馈"),
        ("gb18030", 4711, "请张喆同志参加"),
    ],
)
def test_a_code_page_is_believed_unless_the_text_is_plainly_another(codec: str, page: int, text: str) -> None:
    assert said(compound(mail({BODY: text}, {TEXT_CODES: page}, codec=codec))) == [text]
    html = f"<html><body><p>{text}</p></body></html>".encode(codec)
    assert said(compound(mail({HTML: html}, {PAGE_CODES: page}))) == [text]


@pytest.mark.parametrize(("codec", "page"), [("gbk", 936), ("gbk", None), ("utf-8", 65001)])
def test_a_page_of_html(codec: str, page: int | None) -> None:
    html = f"<html><meta charset={codec}><body><p>请张喆同志参加</p><p hidden>藏着的话</p></body></html>".encode(codec)
    found = items(compound(mail({HTML: html}, {PAGE_CODES: page} if page else {})), "x.msg")
    assert [(item.text, item.hidden) for item in found if isinstance(item, Block)] == [
        ("请张喆同志参加", None),
        ("藏着的话", "hidden_text"),
    ]


def test_a_mail_inside_a_mail_is_read_with_its_annex() -> None:
    annex = mail({SHORT: "内.txt", CONTENT: "最里面的话".encode()}, head=8)
    inner = mail({SUBJECT: "内信", BODY: "内信正文"}, {TEXT_CODES: 936}, head=24, attach=annex)
    outer = mail({BODY: "外信正文"}, attach=mail({NAME: "转发"}, head=8, object=inner))
    assert by_member(items(compound(outer), "x.msg")) == [
        (None, "外信正文"),
        ("转发", "主题：内信"),
        ("转发", "内信正文"),
        ("转发/内.txt", "最里面的话"),
    ]


@pytest.mark.parametrize("lacking", [{}, {"object": {"CONTENTS": b"x"}}], ids=["a link", "an object"])
def test_what_is_no_file_and_no_mail_is_said(lacking: dict[str, dict[str, bytes]]) -> None:
    found = items(compound(mail({BODY: "正文"}, attach=mail({FILE: "链接"}, head=8, **lacking))), "x.msg")
    assert [(item.name, item.code) for item in found if isinstance(item, Unread)] == [("链接", "unsupported")]


def test_a_text_that_is_there_as_rtf_only_is_said() -> None:
    found = items(compound(mail({SUBJECT: "主题", RTF: b"LZFu"})), "x.msg")
    assert [item.detail for item in found if isinstance(item, Unread)] == [
        "邮件正文只有 RTF 格式，未读；请在邮件软件中另存为 eml 后重扫"
    ]


@pytest.mark.parametrize("part", [0.02, 0.1, 0.5, 0.9])
def test_a_damaged_mail_is_an_error(part: float) -> None:
    data = compound(mail({BODY: "正文" * 3000}))
    with pytest.raises(ReadError, match="另存为 eml"):
        list(msg.read(data[: int(part * len(data))], Limits()))
