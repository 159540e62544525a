"""Adds the signatures of the desk to the review record: who signed at which level, when, with which remark."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from prescan.report.shown import harmless
from prescan.types import ATTRIBUTE_LABELS
from prescan.web.clock import local_time
from prescan.web.deciding import STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prescan.web.tables import Case, Step

_KINDS = {"submit": "送审", "sign": "通过", "return": "退回", "correct": "修改"}


def with_signatures(record: bytes, case: Case, steps: Sequence[Step]) -> bytes:
    """Return a record (docx) with a table of the steps up to the signature."""
    import docx  # noqa: PLC0415  slow to import

    form = docx.Document(io.BytesIO(record))
    heading = form.add_paragraph()
    heading.add_run("审查签批经过（由审查台记录）").bold = True
    attribute = ATTRIBUTE_LABELS.get(case.attribute or "", "")
    ground = f"（{case.clause}）" if case.clause else ""
    form.add_paragraph(f"备案编号：{case.number}　公开属性：{attribute}{ground}　审查结论：{case.conclusion}")
    table = form.add_table(rows=1, cols=5, style="Table Grid")
    rows = [("环节", "办理", "姓名", "时间", "意见")]
    rows += [
        (STAGES[step.stage], _KINDS.get(step.kind, step.kind), step.name, local_time(step.at), step.text)
        for step in steps
    ]
    for number, row in enumerate(rows):
        cells = table.rows[0].cells if number == 0 else table.add_row().cells
        for cell, value in zip(cells, row, strict=True):
            cell.text = harmless(value)
    for item, reason in sorted(case.unread_reasons.items()):
        form.add_paragraph(f"未读内容 {int(item) + 1} 的处理：{harmless(str(reason))}")
    out = io.BytesIO()
    form.save(out)
    return out.getvalue()
