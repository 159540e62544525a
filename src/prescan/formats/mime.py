"""What mail and saved web pages share: the bytes and the text of a MIME part, and pictures among the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.budget import SharedLimits
from prescan.formats.html.source import declared_charset
from prescan.formats.image.metadata import picture_metadata
from prescan.formats.media import may_show_text, pictures_of
from prescan.formats.text import decode
from prescan.types import Block, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from prescan.types import Limits

UTF8_BOM: Final = b"\xef\xbb\xbf"


def payload(part: Message) -> bytes:
    """Return the content of a part with its transfer encoding removed."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def utf8_text(part: Message) -> tuple[bytes, bool]:
    """Return the text of a part as UTF-8 with a byte order mark, and whether bytes could not be decoded.

    The charset is taken from the part's header, else from the content.
    """
    data, declared = payload(part), part.get_param("charset")
    text, lossy = decode(data, declared if isinstance(declared, str) else declared_charset(data))
    return UTF8_BOM + text.encode("utf-8", "replace"), lossy


def pictures(parts: list[Message], limits: Limits, *, without_text: bool) -> Iterator[Block | Unread]:
    """Yield the metadata of pictures, and the pictures for recognition, if any are wanted.

    `without_text`: the page holds no text; if its pictures are not to be recognised, an Unread says so.
    """
    contents = list(map(payload, parts))
    for content in contents:
        yield from picture_metadata(content)
    yield from pictures_of(contents, limits, without_text=without_text)
    if without_text and not SharedLimits.of(limits).wants_pictures and any(map(may_show_text, contents)):
        yield Unread.of("", "no_text_layer")
