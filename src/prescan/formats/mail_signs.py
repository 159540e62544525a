"""Recognises mails and saved web pages by their headers."""

from __future__ import annotations

import re
from typing import Final

_MAIL: Final = re.compile(
    r"^mime-version:.*^content-(type:\s*multipart/|transfer-encoding:)", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
#: Every MIME mail contains this; checked first because it is ten times as fast.
_MIME_VERSION: Final = re.compile("-[vV][eE][rR][sS][iI][oO][nN]:")
#: A web page saved as one file looks like a mail, but without the headers of one that was sent.
_SAVED_PAGE: Final = re.compile(r"^content-type:\s*(multipart/related|text/html)\b", re.IGNORECASE | re.MULTILINE)
_SENT_HEADER: Final = re.compile(
    r"^(to|cc|received|return-path|delivered-to|message-id):", re.IGNORECASE | re.MULTILINE
)
_HEADER: Final = re.compile(r"([!-9;-~]+):")
_MAIL_HEADERS: Final = frozenset({"from", "date", "subject"})


def mail_format(head: str) -> str:
    """Return the key of FORMATS if a text begins like a mail or a saved web page, else ""."""
    if not ("-" in head and _MIME_VERSION.search(head) and _MAIL.search(head)) and not _is_plain_mail(head):
        return ""
    headers = head.replace("\r\n", "\n").lstrip().partition("\n\n")[0]
    return "mhtml" if _SAVED_PAGE.search(headers) and not _SENT_HEADER.search(headers) else "mail"


def _is_plain_mail(head: str) -> bool:
    """Return whether a text is a mail without MIME: it begins with headers, two of them From, Date or Subject."""
    start = head.lstrip("\ufeff\r\n")
    if not start.startswith(("From ", " ", "\t")) and not _HEADER.match(start):
        return False
    lines = start.replace("\r\n", "\n").partition("\n\n")[0].split("\n")
    lines = lines[1:] if lines[0].startswith("From ") else lines
    if not all(_HEADER.match(line) or line.startswith((" ", "\t")) for line in lines):
        return False
    names = {found[1].lower() for line in lines if (found := _HEADER.match(line))}
    return len(names & _MAIL_HEADERS) >= len(_MAIL_HEADERS) - 1
