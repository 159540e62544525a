"""Web pages saved as one file (mht, mhtml): the page, then the frames and files saved with it.

Styles and scripts are skipped: a reader sees none of their text.
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
from prescan.formats.mime import UTF8_BOM, payload, pictures, utf8_text
from prescan.formats.text import lost_characters
from prescan.types import Block, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from prescan.types import Limits

#: Media types of what a page is drawn with; Word also saves its theme and lists of files.
_NO_TEXT: Final = re.compile(
    r"image/|font/|audio/|video/|text/(css|javascript|xml)|application/(x-)?(javascript|font|xml)"
    r"|application/(vnd\.ms-officetheme|vnd\.ms-fontobject)"
)
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
#: Put in front of a fragment of a page, so that it is recognised as html.
_DOCTYPE: Final = b"<!DOCTYPE html>"
_LINE_END: Final = re.compile(rb"\A\s+")


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the page, then those of the other parts, each as a member. Raises ReadError."""
    parts = _parts(data)
    if len(parts) > limits.members:
        raise ReadError("archive_limit", f"网页归档中的部件超过 {limits.members} 个，请另存为 html 再扫")
    page = next((part for part in parts if part.get_content_type() in _PAGES), None)
    if page is None:
        raise ReadError("corrupted", "网页归档中没有网页，请在浏览器中打开后另存为 html 再扫")
    content, lossy = utf8_text(page)
    has_text = False
    try:
        for item in html.read(content, limits):
            has_text = has_text or (isinstance(item, Block) and item.location.part not in {"metadata", "image"})
            yield item
    except ReadError as error:  # the page may be a mere frameset
        yield Unread("", error.code, error.detail)
    if lossy:
        yield lost_characters(content.decode())
    for number, part in enumerate(parts, 1):
        if part is not page and not _NO_TEXT.match(part.get_content_type()):
            has_text = True
            yield from read_member(_name(part, number), _content(part), limits)
    images = [part for part in parts if part.get_content_maintype() == "image"]
    yield from pictures(images, limits, without_text=not has_text)


def _content(part: Message) -> bytes:
    """Return the bytes of a part that is not the page itself."""
    if part.get_content_maintype() != "text":
        return payload(part)
    text = utf8_text(part)[0]
    if part.get_content_type() in _PAGES and text != UTF8_BOM:
        return UTF8_BOM + _DOCTYPE + text.removeprefix(UTF8_BOM)
    return text


def _parts(data: bytes) -> list[Message]:
    """Return the leaf parts. Raises ReadError if they are nested too deeply."""
    try:
        message = email.message_from_bytes(_LINE_END.sub(b"", data, count=1), policy=policy.compat32)
        return [part for part in message.walk() if not part.is_multipart()]
    except RecursionError as error:
        raise ReadError("archive_limit", "网页归档嵌套过深，请在浏览器中打开后另存为 html 再扫") from error


def _name(part: Message, number: int) -> str:
    """Return a name for a part: the last piece of its address, else its number."""
    address = str(part.get("Content-Location") or part.get_filename() or "")
    path = urllib.parse.unquote(re.split(r"[?#]", address, maxsplit=1)[0])
    return posixpath.basename(path.replace("\\", "/").rstrip("/")) or f"第 {number} 部分"
