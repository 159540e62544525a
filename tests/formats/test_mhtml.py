"""Saved web pages: the page, its charset, its frames and the files saved with it."""

from __future__ import annotations

import base64
import dataclasses
import io
import quopri
from email.message import EmailMessage

import pytest
from PIL import Image
from reading import by_member

from prescan.errors import ReadError
from prescan.formats import identify, read
from prescan.formats.budget import ReadOptions
from prescan.types import Block, Limits, Picture

PAGE = '<html><head><meta charset="{0}"></head><body><p>正文暗记</p><p hidden>隐藏暗记</p></body></html>'


def part(kind: str, content: bytes, *headers: str, encoding: str = "base64") -> bytes:
    """Return one part as a browser writes it."""
    body = base64.encodebytes(content) if encoding == "base64" else quopri.encodestring(content)
    lines = [f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def saved(*parts: bytes, head: str = "From: <Saved by Blink>\r\n") -> bytes:
    """Return an archive of parts."""
    start = f'{head}MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b--1"\r\n\r\n'
    return start.encode() + b"".join(b"\r\n--b--1\r\n" + item for item in parts) + b"\r\n--b--1--\r\n"


def told(data: bytes, limits: Limits | None = None) -> list[tuple[str | None, str]]:
    """Return the member and text of each block, and the name and code of what was not read."""
    found = identify(data, "x.mht")
    assert found.media_type == "multipart/related"
    return by_member(read(data, found, limits or Limits()))


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize(
    ("charset", "written", "meta"),
    [("utf-8", "utf-8", "utf-8"), ("gb2312", "gb18030", "utf-8"), ("", "gb18030", "gb2312"), ("big5", "big5", "utf-8")],
)
def test_page_in_its_charset(encoding: str, charset: str, written: str, meta: str) -> None:
    """The charset of the part's header wins over that in the page; hidden places stay hidden."""
    kind = "text/html" + (f'; charset="{charset}"' if charset else "")
    hidden = "隱藏暗記" if written == "big5" else "隐藏暗记"
    text = PAGE.format(meta).replace("隐藏暗记", hidden).replace("正文暗记", "正文")
    data = saved(part(kind, text.encode(written), encoding=encoding))
    blocks = [item for item in read(data, identify(data, ""), Limits()) if isinstance(item, Block)]
    assert [(item.text, item.location.member, item.hidden) for item in blocks] == [
        ("正文", None, None),
        (hidden, None, "hidden_text"),
    ]


def test_frames_and_files_saved_with_the_page() -> None:
    """Frames and files are members, called by the end of their address; pictures and styles are skipped."""
    data = saved(
        part("text/html", PAGE.format("utf-8").encode()),
        part("image/png", b"\x89PNG\r\n\x1a\n", "Content-Location: http://x/a.png"),
        part("text/css", b"p {color: red}", "Content-Location: http://x/a.css"),
        part(
            "text/html; charset=gbk",
            "<html><p>框架暗记".encode("gbk"),
            "Content-Location: http://x/%E6%A1%86.html?q=1#2",
        ),
        part("text/plain; charset=gbk", "附件暗记".encode("gbk"), "Content-Location: C:\\Temp\\b.txt"),
        part("application/octet-stream", b"\0\1\2", "Content-Location: file:///c/d.bin"),
        part("text/html", b"<html><p>nameless"),
    )
    assert told(data) == [
        (None, "正文暗记"),
        (None, "隐藏暗记"),
        ("框.html", "框架暗记"),
        ("b.txt", "附件暗记"),
        ("d.bin", "unsupported"),
        ("第 7 部分", "nameless"),
    ]


def test_as_word_saves_it() -> None:
    """Word writes a sentence before the first part, and its own lists, which say nothing."""
    data = saved(
        part(
            "text/html; charset=unicode",
            PAGE.format("unicode").encode("utf-16"),
            "Content-Location: file:///C:/1/公文.htm",
        ),
        part("text/xml", b"<xml/>", "Content-Location: filelist.xml"),
        part("application/vnd.ms-officetheme", b"PK", "Content-Location: themedata.thmx"),
        head="",
    ).replace(b"\r\n\r\n", b"\r\n\r\nThis document is a Single File Web Page.\r\n", 1)
    assert told(data) == [(None, "正文暗记"), (None, "隐藏暗记")]


def test_page_alone_and_frameset() -> None:
    """A page without parts is its own; a page that is only a frame around others does not hide them."""
    alone = b"MIME-Version: 1.0\r\n" + part("text/html; charset=utf-8", PAGE.format("").encode())
    assert told(alone) == [(None, "正文暗记"), (None, "隐藏暗记")]
    frames = saved(
        part("text/html", b"<html><frameset><frame src=a></frameset>"), part("text/html", b"<html><p>in a frame")
    )
    assert told(frames) == [("", "empty"), ("第 2 部分", "in a frame")]


def test_pictures_of_the_page_are_recognised() -> None:
    """They are handed on if wanted; a page of nothing but a picture is said to be unread otherwise."""
    pixels = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(pixels, "PNG")
    picture = part("image/png", pixels.getvalue(), "Content-Location: https://x/1.png")
    written, bare = part("text/html", b"<html><p>text<img src=1.png>"), part("text/html", b"<html><img src=1.png>")
    for first, kind in ((written, "inset"), (bare, "page")):
        data = saved(first, picture)
        items = read(data, identify(data, "x.mht"), Limits(), options=ReadOptions(pictures=9))
        assert [item.kind for item in items if isinstance(item, Picture)] == [kind]
    assert told(saved(written, picture)) == [(None, "text")]
    assert told(saved(bare, picture))[-1] == ("", "no_text_layer")


def test_lost_characters_and_missing_page() -> None:
    """Bytes that do not decode are said; an archive without a page is damaged."""
    data = saved(part("text/html; charset=utf-8", b"<html><p>" + "正文".encode() * 30 + b"\xff\xfe"))
    assert told(data)[-1] == ("", "corrupted")
    with pytest.raises(ReadError, match="没有网页"):
        told(saved(part("image/png", b"x")))


def test_limits() -> None:
    """Parts are counted; nesting without end is a limit, not a crash."""
    page = part("text/html", PAGE.format("").encode())
    few = dataclasses.replace(Limits(), members=3)
    with pytest.raises(ReadError) as caught:
        told(saved(*[page] * 5), few)
    assert caught.value.code == "archive_limit"
    nested = b"".join(
        b"Content-Type: multipart/related; boundary=%d\r\n\r\n--%d\r\n" % (level, level) for level in range(3000)
    )
    with pytest.raises(ReadError) as caught:
        told(b"MIME-Version: 1.0\r\n" + nested + page)
    assert caught.value.code == "archive_limit"


def test_what_somebody_sent_is_a_mail() -> None:
    """A saved page and a mail look alike; who it went to tells them apart."""
    mail = EmailMessage()
    mail["To"], mail["Subject"] = "a@example.com", "x"
    mail.set_content("<p>text", subtype="html")
    mail.add_related(b"x", "image", "png")
    assert identify(mail.as_bytes(), "x.mht").media_type == "message/rfc822"


def test_a_part_that_is_a_piece_of_a_page_is_read_as_one() -> None:
    """Its header says what it is; by its content a paragraph could be a text with brackets."""
    page = part("text/html; charset=utf-8", b"<html><body><p>x</p></body></html>")
    piece = part("text/html; charset=utf-8", "<p>片段</p><p hidden>隐藏片段</p>".encode())
    blocks = [item for item in read(saved(page, piece), identify(saved(page), ""), Limits()) if isinstance(item, Block)]
    assert [(item.text, item.location.member, item.hidden) for item in blocks] == [
        ("x", None, None),
        ("片段", "第 2 部分", None),
        ("隐藏片段", "第 2 部分", "hidden_text"),
    ]
