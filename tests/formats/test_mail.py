"""Mail: bare Chinese in headers, files written into the text, parts that lie elsewhere, pictures in the page."""

from __future__ import annotations

import binascii
import io
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from invented import RESIDENT_ID as ID
from PIL import Image
from reading import by_member

from prescan.formats import identify, read
from prescan.formats.budget import ReadOptions
from prescan.types import Block, Limits, Picture, Unread

if TYPE_CHECKING:
    from collections.abc import Sequence

SENTENCE = "陈小明住在青禾县石桥村九号院"
HEAD = "From: a@x.cn\r\nTo: b@x.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def told(data: bytes, pictures: int = 0) -> list[Block | Unread]:
    return list(read(data, identify(data, "x.eml"), Limits(), options=ReadOptions(pictures=pictures)))


def mixed(*parts: str, before: str = "", behind: str = "") -> bytes:
    held = "".join(f"--B\r\n{part}\r\n" for part in ("Content-Type: text/plain\r\n\r\nhello", *parts))
    head = f"{HEAD}Content-Type: multipart/mixed; boundary=B\r\n\r\n"
    return f"{head}{before}\r\n{held}--B--\r\n{behind}".encode()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_bare_chinese_in_headers_and_around_the_parts(encoding: str) -> None:
    """Programs of this country write it without saying so; a header and the gaps between parts are no exception."""
    mail = (
        f"From: 某局\r\nTo: b@x.cn\r\nSubject: 关于名单\r\nComments: {SENTENCE}一\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: multipart/mixed; boundary=B\r\n\r\n{SENTENCE}二\r\n"
        f"--B\r\nContent-Type: text/plain\r\n\r\nhello\r\n--B--\r\n{SENTENCE}三\r\n"
    )
    found = {item.text: item.note for item in told(mail.encode(encoding)) if isinstance(item, Block)}
    assert {"主题：关于名单", "发件人：某局"} <= set(found)
    assert [found[f"{SENTENCE}{at}"] for at in "一二三"] == ["邮件头", "邮件各部分之外的文字", "邮件各部分之外的文字"]


def test_a_file_written_into_the_text_is_an_annex() -> None:
    content = f"证件 {ID}\n".encode() * 9
    lines = b"".join(binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45))
    text = (
        b"before\n\nbegin 644 "
        + "名单.txt\n".encode()
        + lines
        + b"`\nend\n\nbehind\nbegin 644 none.txt\nno such lines\nend\n"
    )
    found = told((HEAD + "Content-Type: text/plain; charset=utf-8\r\n\r\n").encode() + text)
    assert ("名单.txt", f"证件 {ID}") in by_member(found)
    body = [item.text for item in found if isinstance(item, Block) and item.location.part == "body"]
    assert [line for line in body if line.startswith(("before", "behind", "begin", "no such"))] == [
        *("before", "behind", "begin 644 none.txt", "no such lines")
    ]


def test_what_lies_elsewhere_is_unread_and_its_address_told() -> None:
    elsewhere = f'Content-Type: message/external-body; access-type=URL; URL="ftp://x/{ID}.doc"\r\n\r\n'
    found = told(mixed(elsewhere + "Content-Type: application/msword\r\n\r\n"))
    assert [(item.code, "地址" in item.detail) for item in found if isinstance(item, Unread)] == [("unsupported", True)]
    assert [item.note for item in found if isinstance(item, Block) and ID in item.text] == ["附件的地址"]
    piece = HEAD + 'Content-Type: message/partial; id="x"; number=1; total=2\r\n\r\nSubject: y\r\n\r\n' + SENTENCE
    found = told(piece.encode())
    assert [item.code for item in found if isinstance(item, Unread)] == ["corrupted"]
    assert SENTENCE in "".join(item.text for item in found if isinstance(item, Block))


def pixels(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PNG")
    return out.getvalue()


def page(text: str, images: Sequence[bytes]) -> bytes:
    """Return a mail with a page in which pictures stand."""
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail.set_content(f"<p>{text}</p><img src='cid:1'>", subtype="html")
    for at, image in enumerate(images, 1):
        mail.add_related(image, "image", "png", cid=f"<{at}>")
    return mail.as_bytes()


def test_pictures_in_the_page_are_recognised_and_are_no_annexes() -> None:
    written = page("请看下图", [pixels((300, 200)), pixels((8, 8))])
    found = told(written, pictures=9)
    assert [(item.kind, item.location.part) for item in found if isinstance(item, Picture)] == [("inset", "image")]
    assert not any(item.hidden == "attachment" for item in found if isinstance(item, Block))
    assert not any(isinstance(item, Unread) for item in told(written))
    alone = page("", [pixels((300, 200))])
    assert [item.kind for item in told(alone, pictures=9) if isinstance(item, Picture)] == ["page"]
    assert [item.code for item in told(alone) if isinstance(item, Unread)][-1] == "no_text_layer"
