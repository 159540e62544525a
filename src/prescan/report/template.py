"""Fills an office's own Word form: {{标题}} and other fields are replaced, their formatting is kept."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from prescan.errors import PrescanError
from prescan.formats.office_zip import without_dates
from prescan.report.docx_form import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FIELD: Final = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")


def filled(path: str, values: Mapping[str, str]) -> bytes:
    """Return the form with every field filled. Raises PrescanError: unreadable, no field, or an unknown field."""
    import docx  # noqa: PLC0415  slow to import
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415

    try:
        form = docx.Document(path)
    except (PackageNotFoundError, OSError, KeyError, ValueError):
        raise PrescanError(f"读不了审查表模板 {path}，应是 docx 文件，请核对路径或用 Word 另存后再试") from None
    count = 0
    for paragraph in list(_paragraphs(form)):
        count += _fill(paragraph, values)
    if not count:
        raise PrescanError(f"审查表模板 {path} 中没有 {{{{标题}}}} 这样的字段，可用的字段：{'、'.join(values)}")
    out = io.BytesIO()
    form.save(out)
    return without_dates(out.getvalue())


def _paragraphs(form: Any) -> Iterator[Any]:  # noqa: ANN401  python-docx has types for half of its functions
    """Yield every paragraph, each once: body, nested tables, text boxes, headers and footers."""
    from docx.oxml.ns import qn  # noqa: PLC0415  slow to import
    from docx.text.paragraph import Paragraph  # noqa: PLC0415

    holders = [form.element.body]
    for section in form.sections:
        parts = [section.header, section.footer, section.first_page_header, section.first_page_footer]
        parts += [section.even_page_header, section.even_page_footer]
        holders += [part._element for part in parts if not part.is_linked_to_previous]  # noqa: SLF001  the only way
    for holder in holders:
        for element in holder.iter(qn("w:p")):
            yield Paragraph(element, form)


def _fill(paragraph: Any, values: Mapping[str, str]) -> int:  # noqa: ANN401
    """Fill the fields of a paragraph, also those Word has split into several runs; return how many there were."""
    runs = paragraph.runs
    text = "".join(run.text for run in runs)
    fields = list(_FIELD.finditer(text))
    for field in reversed(fields):
        if field[1] not in values:
            raise PrescanError(f"审查表模板中的字段 {{{{{field[1]}}}}} 不认识，可用的字段：{'、'.join(values)}")
        at = 0
        value = clean(values[field[1]])
        for run in runs:
            start, end = at, at + len(run.text)
            at = end
            low, high = max(field.start(), start) - start, min(field.end(), end) - start
            if low < high:
                run.text = run.text[:low] + value + run.text[high:]
                value = ""
    return len(fields)
