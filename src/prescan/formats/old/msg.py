"""Outlook mail (msg): headers, text, and every attachment ([MS-OXMSG], [MS-OXPROPS]).

A message, a recipient and an attachment are storages of a compound file. A text or binary property is a stream of
its own, `__substg1.0_` with the property's number and type; numbers and times stand together in one stream.
"""

from __future__ import annotations

import codecs
import datetime
import email.parser
import re
import struct
from typing import TYPE_CHECKING, Final

from prescan.errors import ReadError
from prescan.formats import html, read_member
from prescan.formats.old.leftover import with_residue
from prescan.formats.ole import CompoundFile
from prescan.formats.text import decode, lines
from prescan.types import PARAGRAPH_BREAK, Block, Location, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.formats.ole import Storage
    from prescan.types import Limits

_BROKEN: Final = "邮件已损坏或不完整，请在邮件软件中另存为 eml 后重扫"
_LINKED: Final = "附件是链接或其他程序的对象，未读；请在邮件软件中另存后重扫"
_ONLY_RTF: Final = "邮件正文只有 RTF 格式，未读；请在邮件软件中另存为 eml 后重扫"
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_FIXED: Final = "__properties_version1.0"
_FIXED_BYTES: Final = 16
_NUMBER, _TIME = 0x0003, 0x0040
#: Length of the header before the properties: longest where the message is the file, with eight bytes unused.
_HEAD_OF_THE_FILE, _HEAD_OF_A_MESSAGE, _HEAD_OF_OTHERS = 32, 24, 8
#: Types of properties: text in UTF-16, text in the mail's code page, binary, storage.
_WIDE, _NARROW, _BYTES, _OBJECT = "001F", "001E", "0102", "000D"
_SUBJECT, _HEADERS, _SENT, _BODY, _RTF, _HTML = 0x0037, 0x007D, 0x0039, 0x1000, 0x1009, 0x1013
_SENDER, _SENDER_ADDRESSES, _SENT_FOR = 0x0C1A, (0x5D01, 0x0C1F), 0x0042
_NAME, _ADDRESSES = 0x3001, (0x39FE, 0x3003)
_CONTENT, _FILE_NAMES = 0x3701, (0x3707, 0x3704, 0x3001)
#: Properties with the code page of the HTML and of the texts.
_PAGE_CODES, _TEXT_CODES = 0x3FDE, 0x3FFD
#: Code page → codec; for others (1252 also stands for unknown) Python's own names are used.
_CODECS: Final = {
    **dict.fromkeys((936, 20936, 51936, 52936, 54936), "gb18030"),
    950: "big5",
    951: "big5-hkscs",
    932: "shift_jis",
    51932: "euc-jp",
    949: "euc-kr",
    51949: "euc-kr",
    65001: "utf-8",
    20866: "koi8-r",
    28591: "latin-1",
    28592: "iso8859-2",
    28595: "iso8859-5",
    28605: "iso8859-15",
}
_CHINESE: Final = ("gb18030", "big5", "big5-hkscs")
#: A single-byte code page decodes anything; common Chinese characters in the result of another codec disprove it.
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_DAILY: Final = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
_MOSTLY: Final = 0.9
_FIRST_DAY: Final = datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)


def read(data: bytes, limits: Limits) -> Iterator[Block | Unread]:
    """Yield the blocks of the mail, then those of its attachments. Raises ReadError("corrupted")."""
    try:
        holder = CompoundFile(data)
    except (ReadError, struct.error) as error:
        raise ReadError("corrupted", _BROKEN) from error
    yield from with_residue(holder, _items(holder.root, limits))


def _items(top: Storage, limits: Limits) -> Iterator[Block | Unread]:
    try:
        mail = _Held(top)
        head, page, plain = list(_head(mail)), mail.page(), mail.text(_BODY)
    except ReadError as error:
        raise ReadError("corrupted", _BROKEN) from error
    yield from head
    if page.strip():
        yield from html.read(page, limits)
    elif plain.strip():
        yield from lines(plain.replace("\r\n", "\n") + PARAGRAPH_BREAK)
    elif mail.content(_RTF):
        yield Unread("", "unsupported", _ONLY_RTF)
    for number, annex in enumerate(top.storages_named("__attach_version1.0_#"), 1):
        yield from _annex(_Held(annex, mail), number, limits)


def _head(mail: _Held) -> Iterator[Block]:
    headers = email.parser.HeaderParser().parsestr(mail.text(_HEADERS))
    name, address = mail.text(_SENDER), mail.text(*_SENDER_ADDRESSES)
    sender = f"{name} <{address}>" if address else name or mail.text(_SENT_FOR)
    told = [("主题", mail.text(_SUBJECT)), ("发件人", str(headers["from"] or "") or sender)]
    for recipient in mail.storage.storages_named("__recip_version1.0_#"):
        person = _Held(recipient, mail)
        told.append(("收件人", f"{person.text(_NAME)} <{person.text(*_ADDRESSES)}>"))
    told.append(("日期", mail.time(_SENT)))
    for label, value in told:
        text = " ".join(value.split())
        if text.strip("<> "):
            yield Block(f"{label}：{text}", Location("body"))


def _annex(annex: _Held, number: int, limits: Limits) -> Iterator[Block | Unread]:
    name = annex.text(*_FILE_NAMES) or f"第{number}个附件"
    mail = next(annex.storage.storages_named(f"__substg1.0_{_CONTENT:04X}{_OBJECT}"), None)
    if mail is not None and mail.get(_FIXED) is not None:
        yield Block("", Location("attachment", member=name), hidden="attachment", note="内嵌的邮件")
        yield from read_member(name, mail.as_file(), limits)
        return
    yield Block("", Location("attachment", member=name), hidden="attachment", note="邮件附件")
    try:
        content = annex.content(_CONTENT)
    except ReadError as error:
        yield Unread(name, error.code, error.detail)
        return
    if content is None:
        yield Unread(name, "unsupported", _LINKED)
    else:
        yield from read_member(name, content, limits)


class _Held:
    """The properties of a message, a recipient or an attachment; texts are in the code page of the message."""

    def __init__(self, storage: Storage, mail: _Held | None = None) -> None:
        self.storage = storage
        stream = storage.get(_FIXED) or b""
        head = _HEAD_OF_OTHERS if mail else _HEAD_OF_A_MESSAGE if any(stream[24:32]) else _HEAD_OF_THE_FILE
        self._fixed = {
            struct.unpack_from("<HH", stream, at): stream[at + 8 : at + _FIXED_BYTES]
            for at in range(head, len(stream) - _FIXED_BYTES + 1, _FIXED_BYTES)
        }
        self.codec: str = mail.codec if mail else self._codec_of(_TEXT_CODES) or self._codec_of(_PAGE_CODES)

    def text(self, *numbers: int) -> str:
        """Return the first of these properties that is not empty, else "". Raises ReadError."""
        for number in numbers:
            wide, narrow = self.content(number, _WIDE), self.content(number, _NARROW)
            said = _decoded(narrow or b"", self.codec) if wide is None else wide.decode("utf-16-le", "replace")
            said = said.replace("\0", "")
            if said.strip():
                return said
        return ""

    def content(self, number: int, kind: str = _BYTES) -> bytes | None:
        """Return the stream of a property, None if there is none. Raises ReadError."""
        return self.storage.get(f"__substg1.0_{number:04X}{kind}")

    def page(self) -> bytes:
        """Return the HTML text, b"" if there is none; as UTF-8 if the mail names its code page."""
        raw, codec = self.content(_HTML) or b"", self._codec_of(_PAGE_CODES)
        if raw and not codec:
            return raw
        said = _decoded(raw, codec) if raw else self.text(_HTML)
        return _UTF8_MARK + said.encode("utf-8", "replace") if said else b""

    def time(self, number: int) -> str:
        """Return a time in UTC, "" if there is none; stored in units of 100 ns since 1601."""
        ticks = int.from_bytes(self._fixed.get((_TIME, number), b""), "little")
        try:
            return str(_FIRST_DAY + datetime.timedelta(seconds=ticks // 10**7)) if ticks else ""
        except OverflowError:
            return ""

    def _codec_of(self, number: int) -> str:
        """Return the codec of the code page in a property, "" if unknown."""
        page = int.from_bytes(self._fixed.get((_NUMBER, number), b"")[:4], "little")
        try:
            return _CODECS.get(page) or (codecs.lookup(f"cp{page}").name if page else "")
        except LookupError:
            return ""


def _decoded(data: bytes, codec: str) -> str:
    """Decode a text with the codec that the mail names, if that is plausible."""
    high = len(_HIGH.findall(data))
    if high and codec and codec not in _CHINESE and 2 * len(_DAILY.findall(data)) < _MOSTLY * high:
        for tried in ("utf-8", codec):
            try:
                return data.decode(tried)
            except UnicodeDecodeError:
                continue
    return decode(data, codec)[0]
