"""Mail as files (eml, mbox): who wrote to whom about what, the text, and every annex, mails in mails included.

Of two writings of one text (plain and html) the page is read, and from the plain one only what the page does not say.
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
from prescan.formats.mime import UTF8_MARK, payload, pictures, utf8
from prescan.formats.residue import is_long
from prescan.formats.text import decode, lost_characters
from prescan.types import PARAGRAPH_BREAK, SOFT_WRAP, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from prescan.types import Limits

#: Headers a reader sees, with their labels.
_SHOWN: Final = {"Subject": "主题", "From": "发件人", "To": "收件人", "Cc": "抄送", "Date": "日期"}
#: Headers a reader does not see.
_UNSEEN: Final = {"Bcc": "密送", "Reply-To": "回复地址", "X-Originating-IP": "发件地址", "Thread-Topic": "会话主题"}
#: Headers that programs fill in for programs, and those told elsewhere.
_OF_PROGRAMS: Final = re.compile(
    r"(?:received|message-id|references|in-reply-to|date|mime-version|content-|dkim-|arc-|authentication-|return-path"
    r"|x-received|x-google|x-ms-|x-mailer|x-qq-|list-|subject|from|to|cc|bcc|reply-to|x-originating-ip|thread-)",
    re.IGNORECASE,
)
_MBOX: Final = re.compile(rb"^From [^\r\n]*\r?\n(?=[!-9;-~]+:)", re.MULTILINE)
#: A file written into a text (POSIX uuencode): name, then lines that each begin with their length.
_UUENCODED: Final = re.compile(
    r"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[ -`]{1,62}\r?\n)+?)`?\s*?end\s*?$", re.MULTILINE
)
#: Kinds of part that do not hold what they stand for: code and what to do.
_LACKS: Final = {
    "message/external-body": ("unsupported", "附件不在邮件里，邮件只写了它的地址，未读；请取得附件后另行扫描"),
    "message/partial": ("corrupted", "这封邮件只是一封大邮件的一段，其余未读；请在邮件软件中合并后重扫"),
}
_ADDRESS: Final = re.compile(r"[/@.\\]")
_TOO_DEEP: Final = "邮件嵌套过深，请逐个另存后重扫"
_DEEPEST: Final = 50


class _Packed(NamedTuple):
    """A file that was written into a text."""

    name: str
    content: bytes


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what a mail, or each mail of a mailbox, says. Raises ReadError."""
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
    yield from _headers(message, _SHOWN, Location("body"), None)
    texts = [part for part in parts if _is_text(part)]
    insets = [part for part in parts if _is_inset(part)]
    packed: list[_Packed] = []
    written = False
    for item in _texts(texts, limits, packed):
        written = written or isinstance(item, Block)
        yield item
    yield from _headers(message, _UNSEEN, Location("metadata"), "metadata")
    yield from _residue(message, parts)
    yield from pictures(insets, limits, alone=not written)
    annexes = [part for part in parts if part not in texts and part not in insets]
    held: list[Message | _Packed] = [*packed, *annexes]
    for number, part in enumerate(held, 1):
        if number > limits.members:
            yield Unread.of("", "archive_limit", f"附件超过 {limits.members} 个，其后未读")
            return
        yield from _annex(part, number, limits)


def _annex(part: Message | _Packed, number: int, limits: Limits) -> Iterator[Block | Unread]:
    """Yield what an annex says; one that lies elsewhere, or of which only a piece came, is said to be unread."""
    if isinstance(part, _Packed):
        name, content = part
    else:
        name = _decoded(part.get_filename() or "") or f"第{number}个附件{_extension(part)}"
        content = _payload(part)
    yield Block("", Location("attachment", member=name), hidden="attachment", note="邮件附件")
    lack = _LACKS.get("" if isinstance(part, _Packed) else part.get_content_type())
    if lack and not isinstance(part, _Packed):
        told = [_decoded(str(value)) for _, value in part.get_params([])[1:]]
        place = Location("metadata", member=name)
        yield from (Block(text, place, hidden="metadata", note="附件的地址") for text in told if _ADDRESS.search(text))
        yield Unread(name, *lack)
    if content.strip() or not lack:
        yield from read_member(name, content, limits)


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """Yield the parts that hold something; a mail in a mail is one of them. Raises ReadError if nested without end."""
    if depth > _DEEPEST:
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
    """Yield other headers that are for people, and what stands before and behind the parts of a mail."""
    texts = {
        **{_decoded(str(value)): "邮件头" for name, value in message.raw_items() if not _OF_PROGRAMS.match(name)},
        **{_decoded(str(part.get("Content-Description", ""))): "邮件头" for part in parts},
        **{_decoded(str(text or "")): "邮件各部分之外的文字" for text in (message.preamble, message.epilogue)},
    }
    for text, note in texts.items():
        if is_long(text):
            yield Block(" ".join(text.split()), Location("metadata"), hidden="metadata", note=note)


def _texts(parts: list[Message], limits: Limits, packed: list[_Packed]) -> Iterator[Block | Unread]:
    """Yield the pages, then what plain texts say beyond them; files written into a text are put into `packed`."""
    said = ""
    pages = [part for part in parts if part.get_content_type() == "text/html"]
    for part in pages:
        content, lossy = utf8(part)
        try:
            for item in html.read(content, limits):
                said += "" if isinstance(item, Unread) else "".join(item.text.split())
                yield item
        except ReadError as error:
            yield Unread("", error.code, error.detail)
        if lossy:
            yield lost_characters(content.decode())
    for part in parts:
        if part in pages:
            continue
        text = _UUENCODED.sub(functools.partial(_unpacked, packed), utf8(part)[0][len(UTF8_MARK) :].decode())
        for paragraph in re.split(r"(?:\r?\n[ \t]*){2,}", text):
            if paragraph.strip() and "".join(paragraph.split()) not in said:
                hidden = {"hidden": "hidden_text", "note": "网页正文之外的纯文本正文"} if pages else {}
                yield from _lines(paragraph.strip("\r\n"), Location("hidden" if pages else "body"), **hidden)


def _unpacked(packed: list[_Packed], found: re.Match[str]) -> str:
    """Put the file that is written into a text into `packed`; what is none stays in the text."""
    try:
        lines = found[2].encode("ascii").splitlines()
        packed.append(_Packed(found[1].strip(), b"".join(map(binascii.a2b_uu, lines))))
    except (binascii.Error, UnicodeEncodeError):
        return found[0]
    return ""


def _lines(paragraph: str, place: Location, hidden: str | None = None, note: str = "") -> Iterator[Block]:
    lines = paragraph.splitlines()
    for at, line in enumerate(lines):
        yield Block(line, place, SOFT_WRAP if at < len(lines) - 1 else PARAGRAPH_BREAK, hidden, note)


def _is_inset(part: Message) -> bool:
    """Tell whether a part is a picture that stands in the page of a mail."""
    inline = part.get("Content-ID") or part.get_content_disposition() == "inline"
    return bool(inline) and part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment"


def _is_text(part: Message) -> bool:
    return (
        part.get_content_type() in {"text/plain", "text/html"}
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    )


def _payload(part: Message) -> bytes:
    """Return the bytes of a part; of a mail in a mail its own bytes."""
    held = part.get_payload()
    if isinstance(held, list) and held:
        return b"".join(item.as_bytes(policy=policy.compat32) for item in held if not isinstance(item, str))
    return payload(part)


def _decoded(value: str) -> str:
    """Return a header's words; Chinese systems also write them as bare gb18030."""
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
