"""Charts as inline SVG, drawn by pygal (extra `audit`); without it the report has only the tables, with equal data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from prescan.audit.extras import extra, has
from prescan.types import LEVEL_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MISSING: Final = "<p class=\"soft small\">图表需要另装组件：pip install 'prescan[audit]'；下表所列与图相同。</p>"
_SCRIPT: Final = re.compile(r"<script.*?</script>", re.DOTALL)
_FONT: Final = '"Microsoft YaHei","PingFang SC","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif'
_COLORS: Final = {"block": "#b42318", "review": "#e0a030", "note": "#3d5a80"}
_STATE_COLORS: Final = ("#b42318", "#7a5195", "#e0a030", "#2f855a")
_LABEL_AT_MOST: Final = 12
_BARS_AT_MOST: Final = 20
_WIDE: Final = 960
_FONT_SIZE: Final = 12


def level_bars(counts: Mapping[str, Mapping[str, int]]) -> str:
    """Return stacked bars of items at block and review, one bar per group."""
    names = [name for name in counts if counts[name].get("block") or counts[name].get("review")][:_BARS_AT_MOST]
    series = {LEVEL_LABELS[level]: [counts[name].get(level, 0) for name in names] for level in ("block", "review")}
    return _bars(names, series, (_COLORS["block"], _COLORS["review"]))


def kind_bars(rows: Sequence[tuple[str, int, int]]) -> str:
    """Return stacked bars of doubts by type; rows are (label, block, review)."""
    listed_rows = [row for row in rows if row[1] or row[2]][:_BARS_AT_MOST]
    series = {
        LEVEL_LABELS["block"]: [row[1] for row in listed_rows],
        LEVEL_LABELS["review"]: [row[2] for row in listed_rows],
    }
    return _bars([row[0] for row in listed_rows], series, (_COLORS["block"], _COLORS["review"]))


def trend_lines(days: Sequence[str], series: Mapping[str, Sequence[int]]) -> str:
    """Return a line chart over the batches, one line per state."""
    if not has("pygal"):
        return _MISSING
    pygal = extra("pygal", "图表")
    chart = pygal.Line(**_config(_STATE_COLORS, height=300), x_label_rotation=0)
    chart.x_labels = list(days)
    for name, values in series.items():
        chart.add(name, list(values))
    return _svg(chart)


def _bars(labels: Sequence[str], series: Mapping[str, Sequence[int]], colors: Sequence[str]) -> str:
    if not has("pygal"):
        return _MISSING
    if not labels:
        return ""
    pygal = extra("pygal", "图表")
    cut = [label if len(label) <= _LABEL_AT_MOST else f"{label[: _LABEL_AT_MOST - 1]}…" for label in labels]
    # pygal takes Chinese characters for narrow ones: their labels need twice the room
    margin = int(max(map(len, cut)) * _FONT_SIZE * 0.45)
    chart = pygal.HorizontalStackedBar(**_config(colors, height=90 + 26 * len(cut)), margin_left=margin)
    chart.x_labels = cut[::-1]
    for name, values in series.items():
        chart.add(name, list(values)[::-1])
    return _svg(chart)


def _config(colors: Sequence[str], *, height: int) -> dict[str, Any]:
    style = extra("pygal.style", "图表").Style(
        background="transparent",
        plot_background="transparent",
        foreground="#1f2933",
        foreground_strong="#1f2933",
        foreground_subtle="#52606d",
        opacity="1",
        opacity_hover="1",
        transition="none",
        colors=tuple(colors),
        guide_stroke_color="#d9dee3",
        major_guide_stroke_color="#d9dee3",
        font_family=_FONT,
        label_font_size=_FONT_SIZE,
        major_label_font_size=_FONT_SIZE,
        legend_font_size=_FONT_SIZE,
        value_font_size=_FONT_SIZE,
    )
    return {
        "style": style,
        "width": _WIDE,
        "height": max(160, height),
        "js": (),
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 4,
        "legend_box_size": 12,
        "show_y_guides": True,
        "truncate_label": -1,
        "truncate_legend": -1,
        "integer_scale": True,
        "no_data_text": "（无）",
        "disable_xml_declaration": True,
        "formatter": lambda value: f"{value:,.0f}",
        "value_formatter": lambda value: f"{value:,.0f}",
    }


def _svg(chart: Any) -> str:  # noqa: ANN401  pygal has no types
    return f"<figure>{_SCRIPT.sub('', chart.render(is_unicode=True))}</figure>"
