"""Texts made for patterns and tokenisers to choke on, and bytes that are no text."""

from __future__ import annotations

from hostile_archives import noise, zipped
from hostile_case import CANARY, Case
from invented import RESIDENT_ID

MEGABYTE = 1_000_000


def text(body: str) -> bytes:
    """Return a text that says CANARY, then the hostile part, then a number that must be found."""
    return f"{CANARY}\n{body}\n身份证号：{RESIDENT_ID}\n".encode()


def run(case_id: str, piece: str, characters: int = 200_000) -> Case:
    """Return the case of a text that repeats a piece: all of it is read, and what stands behind it is found."""
    body = piece * (characters // len(piece))
    return Case(case_id, lambda: text(body), canary=CANARY, name="a.txt", finding="resident_id")


CASES = [
    Case("text 1,000,000 digits", lambda: text("1" * MEGABYTE), ("?",), CANARY, "a.txt"),
    Case("text 1,000,000 brackets", lambda: text("(" * MEGABYTE), (), CANARY, "a.txt", "resident_id"),
    run("text digits", "1", 40_000),
    run("text digits of ids", RESIDENT_ID, 30_000),
    run("text digits and separators", "1 2-3 ", 20_000),
    run("text numbered rooms", "1号2室", 10_000),
    run("text 号室", "号室"),
    run("text 省市县镇村路号", "省市县镇村路号"),
    run("text Chinese brackets", "（【《"),
    run("text one Han character", "的"),
    run("text surnames", "王李张刘")._replace(codes=("?",)),  # names are costly: the time may run out
    run("text labels", "身份证号："),
    run("text clauses", "第一条 "),
    run("text secret marks", "机密★", 20_000),
    run("text letters before @", "a"),
    run("text a@", "a@"),
    run("text tabs", "\t", 20_000),
    run("text bars", "|"),
    run("text line ends", "\n", 20_000),
    run("text spaces", " ", 20_000),
    run("text zero width", "1\u200b", 40_000),
    run("text combining marks", "e\u0301"),
    run("text right to left", "\u202e1", 40_000),
    run("text dates", "1900年1月1日"),
    run("text quotes", "“"),
    Case("text 3,000 ids", lambda: text(f"{RESIDENT_ID}\n" * 3000), ("too_large",), CANARY, "a.txt", "resident_id"),
    Case("text zero bytes", lambda: text("\0" * 9), ("unsupported",)),
    Case("text bad bytes", lambda: text("文" * 999) + b"\xff\xfe\xfd", ("corrupted",), canary=CANARY),
    Case("text utf-16 odd", lambda: text("x").decode().encode("utf-16-le")[:-1], ("*",)),
    Case("random bytes", lambda: noise(500_000), ("unsupported",)),
    Case("random bytes called docx", lambda: noise(9_000), ("unsupported",), name="a.docx"),
    Case("random behind a zip", lambda: b"PK\x03\x04" + noise(9_000), ("corrupted",)),
    Case("random behind a pdf", lambda: b"%PDF-1.4\n" + noise(9_000), ("*",)),
    Case("random behind an OLE", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(9_000), ("unsupported",)),
    Case("random behind a gz", lambda: b"\x1f\x8b\x08\0" + noise(9_000), ("corrupted",)),
    Case("random behind a tar", lambda: b"\0" * 257 + b"ustar" + noise(9_000), ("unsupported",)),
    Case("picture called docx", lambda: b"\x89PNG\r\n\x1a\n" + noise(99), ("no_text_layer",), name="a.docx"),
    Case("picture with a zip behind it", lambda: b"GIF89a" + zipped([("a.txt", b"x")]), ("no_text_layer",)),
    Case("program called txt", lambda: b"MZ\x90\0" + noise(999), ("unsupported",), name="a.txt"),
]
