"""Invented people's numbers, and small documents with something to find. Nobody bears these numbers."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RESIDENT_ID = "110101190203140028"
BANK_CARD = "6222020000000000018"
MOBILE = "13800138003"
OFFICE_PHONE = "0999-8812345"

PROACTIVE = """青禾县人民政府办公室关于印发《青禾县高龄津贴发放办法》的通知

各乡镇人民政府，县直各部门：
    《青禾县高龄津贴发放办法》已经县人民政府同意，现印发给你们，请认真贯彻执行。
    一、具有本县户籍、年满八十周岁的老年人，均可申请高龄津贴。
    二、津贴标准为每人每月一百元，所需资金列入县级财政预算，按季度发放。
    三、本办法自2026年1月1日起施行，有效期五年，由县民政局负责解释。
    四、各单位要通过政府网站、村务公开栏向社会公布申请条件、办理程序和监督电话。

青禾县人民政府办公室
2026年1月5日
"""
PLEA = """青禾镇人民政府关于解决石桥村饮水管网抢修资金的请示

县人民政府：
    10月以来，我镇石桥村饮水管网多处渗漏，三十余户群众饮水受到影响。经现场查看，主管道使用已逾二十年，需要更换约两公里。
    经测算共需资金八十六万元，我镇财力紧张，自筹十五万元后仍有较大缺口。为确保群众封冻前用上水，恳请县人民政府安排抢修资金六十五万元。
    妥否，请批示。

青禾镇人民政府
2026年10月27日
"""

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def package(parts: Mapping[str, str]) -> bytes:
    """Return a zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(*paragraphs: str, body: str = "", **parts: str) -> bytes:
    """Return a Word document; `body` is XML behind the paragraphs, `parts` are parts of the folder `word`."""
    shown = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    whole = {"document": f"<w:document {_W}><w:body>{shown}{body}</w:body></w:document>", **parts}
    return package({f"word/{name}.xml": content for name, content in whole.items()})


def comment(text: str) -> str:
    """Return a comments part."""
    said = f'<w:comment w:id="1" w:author="王某"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:comment>'
    return f"<w:comments {_W}>{said}</w:comments>"


def table(*rows: tuple[str, ...]) -> str:
    """Return the XML of a Word table."""
    cells = ("".join(f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"
