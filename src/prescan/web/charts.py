"""Charts as inline SVG with text labels; colours come from the style sheet, by class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WIDTH: Final = 640
_LABEL: Final = 150
_ROW: Final = 30


def bars(title: str, values: Mapping[str, int]) -> Markup:
    """Return horizontal bars, one per label, in the given order."""
    if not values:
        return _nothing()
    most = max(values.values()) or 1
    rows = []
    for number, (label, value) in enumerate(values.items()):
        y = number * _ROW
        width = round((_WIDTH - _LABEL - 60) * value / most, 1)
        rows.append(
            Markup(
                '<text class="label" x="{}" y="{}" text-anchor="end">{}</text>'
                '<rect class="bar" x="{}" y="{}" width="{}" height="18" rx="3"/>'
                '<text class="value" x="{}" y="{}">{}</text>'
            ).format(_LABEL - 10, y + 19, label[:12], _LABEL, y + 5, width, _LABEL + width + 8, y + 19, value)
        )
    return _svg(title, len(values) * _ROW + 6, rows)


def stacked(title: str, columns: Sequence[str], series: Mapping[str, Sequence[int]]) -> Markup:
    """Return stacked columns, one per name in `columns`; `series`: label → a value per column, CSS class s0, s1 …"""
    sums = [sum(values) for values in zip(*series.values(), strict=True)]
    if not any(sums):
        return _nothing()
    height, base, left = 190, 168, 36
    step = (_WIDTH - left) / len(columns)
    column_width = min(46.0, step * 0.62)
    most = max(sums)
    rows = [
        Markup('<line class="axis" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(left, base, _WIDTH, base),
        Markup('<text class="tick" x="{}" y="14" text-anchor="end">{}</text>').format(left - 6, most),
    ]
    for place, name in enumerate(columns):
        x, y = left + place * step + (step - column_width) / 2, float(base)
        for number, (label, values) in enumerate(series.items()):
            bar_height = 150 * values[place] / most
            y -= bar_height
            if values[place]:
                rows.append(
                    Markup(
                        '<rect class="s{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">'
                        "<title>{} {}：{}</title></rect>"
                    ).format(number, x, y, column_width, bar_height, name, label, values[place])
                )
        rows.append(
            Markup('<text class="tick" x="{:.1f}" y="186" text-anchor="middle">{}</text>').format(
                x + column_width / 2, name
            )
        )
    return _svg(title, height, rows)


def grid(title: str, names: Sequence[str], columns: Sequence[str], values: Mapping[tuple[int, int], int]) -> Markup:
    """Return a matrix of counts as shaded squares; `values`: (row, column) → count."""
    if not values:
        return _nothing()
    most = max(values.values()) or 1
    cell_w, cell_h, left, top = 130, 44, 130, 30
    rows = [
        Markup('<text class="tick" x="{}" y="20" text-anchor="middle">{}</text>').format(
            left + place * cell_w + cell_w / 2, name
        )
        for place, name in enumerate(columns)
    ]
    for line, name in enumerate(names):
        y = top + line * cell_h
        rows.append(
            Markup('<text class="label" x="{}" y="{}" text-anchor="end">{}</text>').format(left - 10, y + 27, name)
        )
        for place in range(len(columns)):
            count = values.get((line, place), 0)
            kind = "same" if line == place else "other"
            rows.append(
                Markup(
                    '<rect class="cell {}" fill-opacity="{:.2f}" x="{}" y="{}" width="{}" height="{}"/>'
                    '<text class="value" x="{}" y="{}" text-anchor="middle">{}</text>'
                ).format(
                    kind, 0.08 + 0.5 * count / most if count else 0.03, left + place * cell_w + 2, y + 2, cell_w - 4,
                    cell_h - 4, left + place * cell_w + cell_w / 2, y + 27, count,
                )
            )  # fmt: skip
    return _svg(title, top + len(names) * cell_h, rows)


def _svg(title: str, height: int, rows: Sequence[Markup]) -> Markup:
    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>{}</svg>').format(
        _WIDTH, height, title, title, Markup("").join(rows)
    )


def _nothing() -> Markup:
    return Markup('<p class="none">还没有数据</p>')
