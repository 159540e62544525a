"""Files to measure on, made anew each run: ten pages of docx and pdf, 35 KB of html, 7,600 characters of text."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

import docx
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from prescan.quality.corpus import read_corpus
from prescan.quality.personal import read_labelled
from prescan.resources import resource_dir

if TYPE_CHECKING:
    from collections.abc import Callable

_SENTENCES: Final = (
    "县人民政府办公室会同有关部门对年度重点任务逐项分解，明确牵头单位和完成时限。",
    "各乡镇要把群众反映的道路养护、饮水安全和垃圾清运问题列入台账，办结一项销号一项。",
    "咨询电话0999-8812345，工作日受理，来信请寄县政务服务中心二楼综合窗口。",
    "项目概算总投资2380万元，其中申请上级补助1500万元，其余由县财政统筹安排。",
    "依据有关规定，结合本县实际，经县政府常务会议研究，现就加强小型水库管护提出如下意见。",
    "参与核查的人员应当现场填写记录，由被核查单位负责人签字确认后存档备查。",
)
_ROOT: Final = Path(__file__).parents[1]
_PARAGRAPHS_A_PAGE: Final = 12
_PAGES: Final = 10
#: One labelled document in so many: enough to time, few enough for a peer that is ten times slower.
_OF_DENSE: Final = 6


def paragraph(number: int) -> str:
    """Return a paragraph of about 65 characters that differs from its neighbours."""
    return f"{number}．{_SENTENCES[number % 6]}{_SENTENCES[(number * 5 + 1) % 6][: 20 + number % 7]}。"


def text_sample(characters: int = 7_600) -> bytes:
    """Return plain text of about as many characters."""
    paragraphs: list[str] = []
    size = 0
    while size < characters:
        paragraphs.append(paragraph(len(paragraphs)))
        size += len(paragraphs[-1]) + 1
    return "\n".join(paragraphs).encode()


def docx_sample(paragraphs: int = _PAGES * _PARAGRAPHS_A_PAGE) -> bytes:
    """Return a docx of about ten pages, or of so many paragraphs."""
    document = docx.Document()
    document.add_heading("关于年度重点任务分解的通知", level=1)
    for number in range(paragraphs):
        document.add_paragraph(paragraph(number))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf_sample() -> bytes:
    """Return a pdf of ten pages."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    stream = io.BytesIO()
    page = canvas.Canvas(stream)
    for number in range(_PAGES):
        page.setFont("STSong-Light", 11)
        for row in range(2 * _PARAGRAPHS_A_PAGE):
            page.drawString(60, 780 - 28 * row, paragraph(number * 40 + row)[:44])
        page.showPage()
    page.save()
    return stream.getvalue()


def html_sample(size: int = 35_000) -> bytes:
    """Return a page of about `size` bytes."""
    pieces: list[str] = []
    held = 0
    while held < size:
        pieces.append(f'<div class="item"><p>{paragraph(len(pieces))}</p><a href="/c{len(pieces)}.html">更多</a></div>')
        held += len(pieces[-1].encode())
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>重点任务</title></head><body>'
    return (head + "\n".join(pieces) + "</body></html>").encode()


SAMPLES: Final = {"docx": docx_sample, "pdf": pdf_sample, "html": html_sample, "txt": text_sample}

#: Files of a few paragraphs, as web sites hold by the thousand.
SMALL: Final[dict[str, Callable[[], bytes]]] = {
    "docx": lambda: docx_sample(paragraphs=4),
    "html": lambda: html_sample(1_000),
    "txt": lambda: text_sample(500),
}


def plain_texts() -> list[str]:
    """Return twenty texts of 3,000 characters with an office's numbers and amounts."""
    return [text_sample(3_000).decode()] * 20


def short_documents() -> list[str]:
    """Return documents of many kinds, some 460 characters each: the held-out groups of the attribute corpus."""
    return [document.text for document in read_corpus(resource_dir("models") / "attribute/corpus", ("d", "m"))]


def dense_documents() -> list[str]:
    """Return documents full of personal data and of what only looks like it: some of the labelled ones."""
    return [document.text for document in read_labelled(_ROOT / "tests/quality/personal")][::_OF_DENSE]


TEXTS: Final[dict[str, Callable[[], list[str]]]] = {
    "plain text": plain_texts,
    "short documents": short_documents,
    "documents full of personal data": dense_documents,
}
