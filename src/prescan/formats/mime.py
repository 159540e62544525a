"""What mail and saved web pages share: the bytes and the text of a MIME part, and the pictures in a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.budget import SharedLimits
from prescan.formats.html.parts import declared_charset
from prescan.formats.image.recorded import recorded
from prescan.formats.media import may_hold_words, pasted
from prescan.formats.text import decode
from prescan.types import Block, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from prescan.types import Limits

UTF8_MARK: Final = b"\xef\xbb\xbf"


def payload(part: Message) -> bytes:
    """Return the bytes of a part as they were before they were encoded for mail."""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def utf8(part: Message) -> tuple[bytes, bool]:
    """Return a text in UTF-8 with its mark, and whether bytes were lost: the part's header tells its charset."""
    data, declared = payload(part), part.get_param("charset")
    text, lossy = decode(data, declared if isinstance(declared, str) else declared_charset(data))
    return UTF8_MARK + text.encode("utf-8", "replace"), lossy


def pictures(parts: list[Message], limits: Limits, *, alone: bool) -> Iterator[Block | Unread]:
    """Yield what was recorded with the pictures in a page, and the pictures, if any are wanted.

    `alone`: the page says nothing else; then it is said if nobody reads them.
    """
    contents = list(map(payload, parts))
    for content in contents:
        yield from recorded(content)
    yield from pasted(contents, limits, alone=alone)
    if alone and not SharedLimits.of(limits).wants_pictures and any(map(may_hold_words, contents)):
        yield Unread.of("", "no_text_layer")
