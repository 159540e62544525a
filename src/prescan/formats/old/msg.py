"""Outlook mail (msg): who wrote to whom about what, the text, and every annex. python-oxmsg reads the properties."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any, Final

import oxmsg

from prescan.errors import ReadError
from prescan.formats import html, read_member
from prescan.formats.old.leftover import looked_through, opened
from prescan.formats.text import decode, lines
from prescan.types import PARAGRAPH_BREAK, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.types import Limits

_BROKEN: Final = "邮件已损坏或不完整，请在邮件软件中另存为 eml 后重扫"
_UTF8_MARK: Final = b"\xef\xbb\xbf"
#: What the library raises on damaged properties.
_DAMAGED: Final = (
    *(OSError, struct.error, IndexError, KeyError, ValueError, TypeError, AttributeError, AssertionError),
    *(LookupError, UnicodeDecodeError, RecursionError, NotImplementedError, OverflowError),
)


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what the mail says, then its annexes. Raises ReadError("corrupted")."""
    yield from looked_through(opened(data), _items(data, limits))


def _items(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    try:
        mail = oxmsg.Message.load(io.BytesIO(data))
        head = list(_head(mail))
        plain, page = str(mail.body or ""), str(mail.html_body or "")
        annexes = [(str(one.file_name or ""), one.file_bytes) for one in mail.attachments]
    except _DAMAGED as error:
        raise ReadError("corrupted", _BROKEN) from error
    yield from head
    if page.strip():
        yield from html.read(_UTF8_MARK + page.encode("utf-8", "replace"), limits)
    elif plain.strip():
        yield from lines(plain.replace("\r\n", "\n") + PARAGRAPH_BREAK)
    for number, (name, content) in enumerate(annexes, 1):
        name = name.replace("\0", "") or f"第{number}个附件"  # noqa: PLW2901  a nameless one gets its number
        yield Block("", Location("attachment", member=name), hidden="attachment", note="邮件附件")
        if content is None:
            yield Unread(name, "unsupported", "附件是链接或内嵌邮件，未读；请在邮件软件中另存后重扫")
        else:
            yield from read_member(name, content, limits)


def _head(mail: Any) -> Iterator[Block]:  # noqa: ANN401  the library's class
    told = [("主题", mail.subject), ("发件人", mail.sender)]
    told += [("收件人", f"{person.name} <{person.email_address}>") for person in mail.recipients]
    told.append(("日期", str(mail.sent_date or "")))
    for label, value in told:
        text = " ".join(decode(str(value or "").encode("utf-8", "surrogatepass"))[0].split())
        if text.strip("<> "):
            yield Block(f"{label}：{text}", Location("body"))
