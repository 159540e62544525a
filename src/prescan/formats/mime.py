"""What mail and saved web pages share: the bytes and the text of a MIME part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prescan.formats.html.parts import declared_charset
from prescan.formats.text import decode

if TYPE_CHECKING:
    from email.message import Message

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
