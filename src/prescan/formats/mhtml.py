"""Web pages saved as one file (mht, mhtml): the page, then the frames and files saved with it.

Styles and scripts are skipped: the page shows no words of theirs.
"""

from __future__ import annotations

import email
import posixpath
import re
import urllib.parse
from email import policy
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats import html, read_member
from prescan.formats.mime import UTF8_MARK, payload, pictures, utf8
from prescan.formats.text import lost_characters
from prescan.types import Block, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from prescan.types import Limits

#: What a page is drawn with; Word also saves its theme and lists of files.
_SILENT: Final = re.compile(
    r"image/|font/|audio/|video/|text/(css|javascript|xml)|application/(x-)?(javascript|font|xml)"
    r"|application/(vnd\.ms-officetheme|vnd\.ms-fontobject)"
)
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
#: A piece of a page does not look like one unless this stands before it.
_SIGN: Final = b"<!DOCTYPE html>"
_LINE_END: Final = re.compile(rb"\A\s+")


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what the page says, then what the other parts say, each as a member. Raises ReadError."""
    parts = _parts(data)
    if len(parts) > limits.members:
        raise ReadError("archive_limit", f"网页归档中的部件超过 {limits.members} 个，请另存为 html 再扫")
    page = next((part for part in parts if part.get_content_type() in _PAGES), None)
    if page is None:
        raise ReadError("corrupted", "网页归档中没有网页，请在浏览器中打开后另存为 html 再扫")
    content, lossy = utf8(page)
    written = False
    try:
        for item in html.read(content, limits):
            written = written or (isinstance(item, Block) and item.location.part not in {"metadata", "image"})
            yield item
    except ReadError as error:  # the page itself may be a mere frame around the others
        yield Unread("", error.code, error.detail)
    if lossy:
        yield lost_characters(content.decode())
    for number, part in enumerate(parts, 1):
        if part is not page and not _SILENT.match(part.get_content_type()):
            written = True
            yield from read_member(_name(part, number), _content(part), limits)
    images = [part for part in parts if part.get_content_maintype() == "image"]
    yield from pictures(images, limits, alone=not written)


def _content(part: Message) -> bytes:
    """Return the bytes of a part that is not the page itself."""
    if part.get_content_maintype() != "text":
        return payload(part)
    text = utf8(part)[0]
    if part.get_content_type() in _PAGES and text != UTF8_MARK:
        return UTF8_MARK + _SIGN + text.removeprefix(UTF8_MARK)
    return text


def _parts(data: bytes) -> list[Message]:
    """Return the parts that hold something. Raises ReadError if they are nested without end."""
    try:
        message = email.message_from_bytes(_LINE_END.sub(b"", data, count=1), policy=policy.compat32)
        return [part for part in message.walk() if not part.is_multipart()]
    except RecursionError as error:
        raise ReadError("archive_limit", "网页归档嵌套过深，请在浏览器中打开后另存为 html 再扫") from error


def _name(part: Message, number: int) -> str:
    """Return what a part is called: the end of its address, else its number."""
    address = str(part.get("Content-Location") or part.get_filename() or "")
    path = urllib.parse.unquote(re.split(r"[?#]", address, maxsplit=1)[0])
    return posixpath.basename(path.replace("\\", "/").rstrip("/")) or f"第 {number} 部分"
