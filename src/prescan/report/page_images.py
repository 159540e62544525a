"""Page images with boxes around the findings, for reports that show values in clear."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from prescan.errors import ReadError
from prescan.formats import FORMATS
from prescan.report.source import checked
from prescan.resources import finding_types
from prescan.types import LEVEL_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prescan.report import Options
    from prescan.types import ScanResult

_DPI: Final = 110
_POINTS: Final = 72
#: More images make the report slow to open.
_PAGES_AT_MOST: Final = 20
_LEAST: Final = 4.0


def has_pages(media_type: str | None) -> bool:
    """Return whether page images can be drawn of a format."""
    kind = media_type or ""
    kinds = {kind, f"{kind.partition('/')[0]}/*"}
    return any("pages" in known_format.tasks and known_format.media_type in kinds for known_format in FORMATS.values())


def page_images(result: ScanResult, options: Options) -> tuple[list[dict[str, Any]], str]:
    """Return the images of the pages with findings, and a sentence about pages left out.

    No images unless the report shows values and the whole text and has the source. Raises PrescanError if the source
    is not the scanned file.
    """
    wanted = options.with_text and options.show_values and options.source is not None and options.convert
    if not wanted or not has_pages(result.document.media_type):
        return [], ""
    pages = sorted({one.location.page for one in result.findings if one.location.page and not one.location.member})
    try:
        drawn = list(_drawn(result, options, pages[:_PAGES_AT_MOST]))
    except ReadError as error:
        return [], f"页面图像画不出来：{error.detail}"
    left = len(pages) - len(drawn)
    notes = [f"第 {page['number']} 页：{page['note']}" for page in drawn if page["note"]]
    return drawn, "；".join([*notes, f"另有 {left} 页有疑点，没有附图像"] if left > 0 else notes)


def _drawn(result: ScanResult, options: Options, pages: list[int]) -> Iterator[dict[str, Any]]:
    source = checked(options.source or "", result)
    for number in pages:
        if options.convert is None:
            return
        response, image = options.convert("pages", source, result.document.name, [number, number, _DPI, []])
        size = response["pages"][0]
        yield {
            "number": number,
            "note": size.get("note", ""),
            "source": f"data:image/png;base64,{base64.b64encode(image).decode()}",
            "width": round(size["width"] * _POINTS / _DPI, 1),
            "height": round(size["height"] * _POINTS / _DPI, 1),
            "boxes": list(_boxes(result, number)),
        }


def _boxes(result: ScanResult, page: int) -> Iterator[dict[str, Any]]:
    for number, one in enumerate(result.findings, 1):
        if one.location.page == page and one.location.bbox and not one.location.member:
            left, top, right, bottom = one.location.bbox
            yield {
                "number": number,
                "level": one.level,
                "title": f"{LEVEL_LABELS[one.level]} {finding_types()[one.type].label}",
                "x": left,
                "y": top,
                "width": max(_LEAST, right - left),
                "height": max(_LEAST, bottom - top),
            }
