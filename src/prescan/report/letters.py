"""Helpers for drafts of letters: one letter per result, and the title of its document."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from prescan.errors import PrescanError
from prescan.report.docx_form import new_form, new_page, paragraph, save
from prescan.report.rows import VALUES_SHOWN, file_name
from prescan.report.shown import printable, shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docx.document import Document as Docx

    from prescan.report import Options
    from prescan.types import ScanResult


def write_letters(
    results: Sequence[ScanResult],
    stream: IO[bytes],
    options: Options,
    letter: Callable[[Docx, ScanResult, Options], None],
) -> None:
    """Call `letter` for each result, each on a new page, and write the form. Raises PrescanError without a result."""
    if not results:
        raise PrescanError("没有可写的结果")
    form = new_form(results[0].today, size=12, margin=2.5)
    for number, result in enumerate(results):
        if number:
            new_page(form)
        if options.show_values:
            paragraph(form, VALUES_SHOWN, bold=True, red=True)
        letter(form, result, options)
    save(form, stream)


def subject(result: ScanResult, options: Options) -> str:
    """Return the title of the document, else its file name, masked."""
    return printable(shown_name(result.title, options, result)) if result.title else file_name(result, options)
