"""The record on paper: LibreOffice opens it, and even a document with every kind of doubt fills two pages at most."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import built
import pypdfium2 as pdfium
from needed import needs
from written import written

from prescan.decisions.ledger import Decision, DocumentDecisions
from prescan.resources import finding_types
from prescan.types import Block, Location, Unread

_TEXT = "以上情况经现场核实并由县民政局社会救助科复核确认无误后报县人民政府研究决定，" * 40


def crowded():
    """Return a result with fourteen kinds of doubt, five places each, and all that makes the form long."""
    found = built.found()
    first, suggestion = found.findings[0], found.suggestion
    findings = tuple(
        replace(
            first,
            id=f"{number:08x}{place:08x}",
            rule_id=f"PII-{number:03}",
            type=kind.type,
            category=kind.category,
            start=20 + number * 60 + place * 11,
            end=29 + number * 60 + place * 11,
            basis=("民法典 第一千零三十四条", "个人信息保护法 第二十八条", "条例 第十五条"),
            location=Location("body", 1 + number, 3 + place),
        )
        for number, kind in enumerate(list(finding_types().values())[:14])
        for place in range(5)
    )
    parts = tuple(replace(suggestion.parts[0], finding_ids=(one.id,)) for one in findings)
    reasons = tuple(
        replace(suggestion.reasons[1], text=f"文种为会议纪要，记载讨论过程，可以不予公开 {n}") for n in range(5)
    )
    return replace(
        found,
        document=replace(found.document, blocks=(Block(_TEXT),)),
        findings=findings,
        suggestion=replace(suggestion, handling="ask_authority", parts=parts, reasons=reasons),
        title=f"关于{'进一步做好城乡居民最低生活保障工作有关事项' * 3}的通知",
        doc_number=None,
        unread=tuple(Unread("a", "encrypted", f"第 {n} 个文件已加密，请解除口令后重扫") for n in range(8)),
    )


@needs("soffice (LibreOffice)", there=bool(shutil.which("soffice")))
def test_the_longest_record_prints_on_two_pages(tmp_path):
    result = crowded()
    said = {one.id: Decision("误报", "公务联系方式，依法可以公开") for one in result.findings}
    people = DocumentDecisions(
        result.document.sha256, "a", "withheld", "条例 第十六条第一款", "复审", "李某", "", (), said
    )
    (tmp_path / "record.docx").write_bytes(written(result, "record", decisions=(people,)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "record.docx"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=True)
    pages = pdfium.PdfDocument((tmp_path / "record.pdf").read_bytes())
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert len(pages) <= 2
    for said_there in ("政府信息公开保密审查表", "三、人审", "备案编号"):
        assert said_there in text.replace("\r\n", "")
