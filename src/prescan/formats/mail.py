"""Mail as files (eml, mbox): headers, text, and every attachment, attached mails included.

Where a text comes both as html and as plain text, the html is read, and of the plain text only what the html lacks.
"""

from __future__ import annotations

import binascii
import email
import email.header
import functools
import re
from email import policy
from typing import TYPE_CHECKING, Final, NamedTuple

from prescan.errors import ReadError
from prescan.formats import html, read_member
from prescan.formats.mime import UTF8_BOM, payload, pictures, utf8_text
from prescan.formats.residue import has_number_or_sentence
from prescan.formats.text import decode, lost_characters
from prescan.types import PARAGRAPH_BREAK, SOFT_WRAP, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from prescan.types import Limits

#: Headers that mail programs show, with their labels.
_VISIBLE_HEADERS: Final = {"Subject": "主题", "From": "发件人", "To": "收件人", "Cc": "抄送", "Date": "日期"}
#: Headers that mail programs do not show.
_HIDDEN_HEADERS: Final = {
    "Bcc": "密送",
    "Reply-To": "回复地址",
    "X-Originating-IP": "发件地址",
    "Thread-Topic": "会话主题",
}
#: Headers that programs write for programs, and those reported above.
_TECHNICAL_HEADERS: Final = re.compile(
    r"(?:received|message-id|references|in-reply-to|date|mime-version|content-|dkim-|arc-|authentication-|return-path"
    r"|x-received|x-google|x-ms-|x-mailer|x-qq-|list-|subject|from|to|cc|bcc|reply-to|x-originating-ip|thread-)",
    re.IGNORECASE,
)
_MBOX: Final = re.compile(rb"^From [^\r\n]*\r?\n(?=[!-9;-~]+:)", re.MULTILINE)
#: A file inside a text (POSIX uuencode): name, then lines that each begin with their length.
_UUENCODED: Final = re.compile(
    r"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[ -`]{1,62}\r?\n)+?)`?\s*?end\s*?$", re.MULTILINE
)
#: Content types whose content is elsewhere or incomplete: code and next step of the Unread.
_INCOMPLETE: Final = {
    "message/external-body": ("unsupported", "附件不在邮件里，邮件只写了它的地址，未读；请取得附件后另行扫描"),
    "message/partial": ("corrupted", "这封邮件只是一封大邮件的一段，其余未读；请在邮件软件中合并后重扫"),
}
_ADDRESS: Final = re.compile(r"[/@.\\]")
_TOO_DEEP: Final = "邮件嵌套过深，请逐个另存后重扫"
_MAX_DEPTH: Final = 50


class _UuencodedFile(NamedTuple):
    """A file inside a text."""

    name: str
    content: bytes


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of a mail, or of each mail in a mailbox. Raises ReadError."""
    if not data.startswith(b"From "):
        yield from _mail(data, limits)
        return
    starts = [match.start() for match in _MBOX.finditer(data)] or [0]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=True), 1):
        if number > limits.members:
            yield Unread.of("", "archive_limit", f"邮箱中的邮件超过 {limits.members} 封，其后未读")
            return
        yield from read_member(f"第{number}封.eml", data[start:end].partition(b"\n")[2], limits)


def _mail(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    try:
        message = email.message_from_bytes(data.lstrip(), policy=policy.compat32)
        parts = list(_leaves(message))
    except RecursionError as error:
        raise ReadError("archive_limit", _TOO_DEEP) from error
    yield from _headers(message, _VISIBLE_HEADERS, Location("body"), None)
    texts = [part for part in parts if _is_text(part)]
    inline_pictures = [part for part in parts if _is_inline_picture(part)]
    uuencoded: list[_UuencodedFile] = []
    has_text = False
    for item in _texts(texts, limits, uuencoded):
        has_text = has_text or isinstance(item, Block)
        yield item
    yield from _headers(message, _HIDDEN_HEADERS, Location("metadata"), "metadata")
    yield from _residue(message, parts)
    yield from pictures(inline_pictures, limits, without_text=not has_text)
    attachments = [part for part in parts if part not in texts and part not in inline_pictures]
    found: list[Message | _UuencodedFile] = [*uuencoded, *attachments]
    for number, part in enumerate(found, 1):
        if number > limits.members:
            yield Unread.of("", "archive_limit", f"附件超过 {limits.members} 个，其后未读")
            return
        yield from _attachment(part, number, limits)


def _attachment(part: Message | _UuencodedFile, number: int, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of an attachment; an Unread if its content is elsewhere or incomplete."""
    if isinstance(part, _UuencodedFile):
        name, content = part
    else:
        name = _decoded(part.get_filename() or "") or f"第{number}个附件{_extension(part)}"
        content = _payload(part)
    yield Block("", Location("attachment", member=name), hidden="attachment", note="邮件附件")
    problem = _INCOMPLETE.get("" if isinstance(part, _UuencodedFile) else part.get_content_type())
    if problem and not isinstance(part, _UuencodedFile):
        parameters = [_decoded(str(value)) for _, value in part.get_params([])[1:]]
        place = Location("metadata", member=name)
        addresses = (text for text in parameters if _ADDRESS.search(text))
        yield from (Block(text, place, hidden="metadata", note="附件的地址") for text in addresses)
        yield Unread(name, *problem)
    if content.strip() or not problem:
        yield from read_member(name, content, limits)


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the leaf parts; an attached mail is one leaf. Raises ReadError if they are nested too deeply."""
    if depth > _MAX_DEPTH:
        raise ReadError("archive_limit", _TOO_DEEP)
    held = message.get_payload()
    if message.is_multipart() and message.get_content_maintype() == "multipart" and isinstance(held, list):
        for part in held:
            if not isinstance(part, str):
                yield from _leaves(part, depth + 1)
    else:
        yield message


def _headers(message: Message, labels: dict[str, str], place: Location, hidden: str | None) -> Iterator[Block]:
    for name, label in labels.items():
        for key, value in message.raw_items():
            text = " ".join(_decoded(str(value)).split()) if key.lower() == name.lower() else ""
            if text:
                yield Block(f"{label}：{text}", place, hidden=hidden, note="邮件头" if hidden else "")


def _residue(message: Message, parts: list[Message]) -> Iterator[Block]:
    """Yield other headers that hold values or sentences, and text before and after the parts of a mail."""
    texts = {
        **{_decoded(str(value)): "邮件头" for name, value in message.raw_items() if not _TECHNICAL_HEADERS.match(name)},
        **{_decoded(str(part.get("Content-Description", ""))): "邮件头" for part in parts},
        **{_decoded(str(text or "")): "邮件各部分之外的文字" for text in (message.preamble, message.epilogue)},
    }
    for text, note in texts.items():
        if has_number_or_sentence(text):
            yield Block(" ".join(text.split()), Location("metadata"), hidden="metadata", note=note)


def _texts(parts: list[Message], limits: Limits, uuencoded: list[_UuencodedFile]) -> Iterator[Block | Unread]:
    """Yield the html, then what plain texts add to it; append files inside plain texts to `uuencoded`."""
    page_text = ""
    pages = [part for part in parts if part.get_content_type() == "text/html"]
    for part in pages:
        content, lossy = utf8_text(part)
        try:
            for item in html.read(content, limits):
                page_text += "" if isinstance(item, Unread) else "".join(item.text.split())
                yield item
        except ReadError as error:
            yield Unread("", error.code, error.detail)
        if lossy:
            yield lost_characters(content.decode())
    for part in parts:
        if part in pages:
            continue
        text = _UUENCODED.sub(
            functools.partial(_take_uuencoded, uuencoded), utf8_text(part)[0][len(UTF8_BOM) :].decode()
        )
        for paragraph in re.split(r"(?:\r?\n[ \t]*){2,}", text):
            if paragraph.strip() and "".join(paragraph.split()) not in page_text:
                hidden = {"hidden": "hidden_text", "note": "网页正文之外的纯文本正文"} if pages else {}
                yield from _lines(paragraph.strip("\r\n"), Location("hidden" if pages else "body"), **hidden)


def _take_uuencoded(uuencoded: list[_UuencodedFile], found: re.Match[str]) -> str:
    """Append a matched file to `uuencoded` and return ""; return the match itself if it cannot be decoded."""
    try:
        lines = found[2].encode("ascii").splitlines()
        uuencoded.append(_UuencodedFile(found[1].strip(), b"".join(map(binascii.a2b_uu, lines))))
    except (binascii.Error, UnicodeEncodeError):
        return found[0]
    return ""


def _lines(paragraph: str, place: Location, hidden: str | None = None, note: str = "") -> Iterator[Block]:
    lines = paragraph.splitlines()
    for at, line in enumerate(lines):
        yield Block(line, place, SOFT_WRAP if at < len(lines) - 1 else PARAGRAPH_BREAK, hidden, note)


def _is_inline_picture(part: Message) -> bool:
    """Return whether a part is a picture shown in the text of the mail, not an attachment."""
    inline = part.get("Content-ID") or part.get_content_disposition() == "inline"
    return bool(inline) and part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment"


def _is_text(part: Message) -> bool:
    return (
        part.get_content_type() in {"text/plain", "text/html"}
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    )


def _payload(part: Message) -> bytes:
    """Return the content of a part; of an attached mail the mail itself."""
    held = part.get_payload()
    if isinstance(held, list) and held:
        return b"".join(item.as_bytes(policy=policy.compat32) for item in held if not isinstance(item, str))
    return payload(part)


def _decoded(value: str) -> str:
    """Return a header's value decoded; Chinese systems also write undeclared gb18030."""
    words = []
    try:
        pieces = email.header.decode_header(value)
    except (email.errors.HeaderParseError, ValueError):
        return value
    for word, charset in pieces:
        if isinstance(word, str):
            raw = word.encode("utf-8", "surrogateescape")
            words.append(decode(raw)[0])
        else:
            words.append(decode(word, str(charset or ""))[0])
    return "".join(words)


def _extension(part: Message) -> str:
    return {"message/rfc822": ".eml", "text/html": ".html", "text/plain": ".txt"}.get(part.get_content_type(), "")
