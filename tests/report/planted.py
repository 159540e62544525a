"""One document with a value planted in every place a report could take it from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invented import RESIDENT_ID, comment, docx, table

if TYPE_CHECKING:
    import prescan

#: Each in its own place, so that a leak tells where it comes from; generated numbers with right check digits.
IN_TEXT, IN_TITLE, IN_CELL, IN_COMMENT, IN_NAME = (
    "110101190203140028",
    "110101190101010011",
    "110101190001010010",
    "110101190512310019",
    "110101190402290010",
)
CANARIES = {"text": IN_TEXT, "title": IN_TITLE, "cell": IN_CELL, "comment": IN_COMMENT, "name": IN_NAME}

ESCAPE = "\x1b[31m\x1b]0;pwned\x07"

assert RESIDENT_ID == IN_TEXT


def document() -> bytes:
    """Return a Word file with the canaries."""
    people = table(("姓名", "身份证号码", "银行卡号"), ("王小满", IN_CELL, "6222020000000000018"))
    return docx(
        f"关于核定{IN_TITLE}救助资格的通知",
        f"各乡镇：申请人李小雪，身份证号：{IN_TEXT}，手机：13800138003，家住青禾县石桥镇幸福路12号3单元402室。",
        "以上情况请于月底前核实，并将结果报县民政局社会救助科汇总，逾期视为无意见。" * 3,
        body=people,
        comments=comment(f"此人身份证{IN_COMMENT}有误"),
    )


def result(scanner: prescan.Scanner) -> prescan.ScanResult:
    """Return the result of the document under a name that holds a number too."""
    return scanner.scan_bytes(document(), name=f"{IN_NAME}申请表.docx")
