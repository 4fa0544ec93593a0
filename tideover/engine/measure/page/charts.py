"""Charts as SVG inside the page, with the page's own colours: bars from zero, lines with their names at the end.

Each is drawn twice, for wide screens and for phones; the page shows one. Colours are CSS variables, so that the charts
follow the reader's theme and print in grey. What a chart finds stands above it, its numbers in a table beneath.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import vl_convert

from tideover.engine.measure.page.html import Html, element

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
WIDE, NARROW = 528, 318
INK, QUIET, RULE = "var(--ink)", "var(--quiet)", "var(--rule)"
COLOURS = ("var(--first)", "var(--second)")
"""Told apart by lightness, so also in grey and by people who see colours differently."""
END_NAMES = 84
"""Room to the right of a line for its name."""

Values = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Shape:
    """How much room a chart has: its whole width, and what names of bars may take of it."""

    width: int
    names: int
    is_wide: bool


SHAPES = (Shape(WIDE, 190, is_wide=True), Shape(NARROW, 122, is_wide=False))


def bars(values: Sequence[tuple[str, float, str]], says: str) -> Html:
    """One bar a row, in the order given: name, length, and the label at its end."""
    rows = [{"name": name, "length": length, "label": text} for name, length, text in values]
    return _drawn(says, lambda shape: _bars(rows, [name for name, _, _ in values], shape))


def paired_bars(values: Values, sides: Sequence[str], says: str) -> Html:
    """Two bars a row, one a strategy: rows have name, side, length, label."""
    names = list(dict.fromkeys(str(row["name"]) for row in values))
    return _drawn(says, lambda shape: _paired(values, names, sides, shape))


def lines(values: Values, sides: Sequence[str], says: str) -> Html:
    """A line a strategy over days: rows have day (as it is read), side, value. The name stands at the line's end."""
    return _drawn(says, lambda shape: _lines(values, sides, shape))


def _drawn(says: str, draw: Callable[[Shape], alt.LayerChart]) -> Html:
    parts = [_svg(draw(shape), says, "wide" if shape.is_wide else "narrow") for shape in SHAPES]
    return element("div", *parts, class_="chart")


def _svg(chart: alt.LayerChart, says: str, size: str) -> Html:
    svg = vl_convert.vegalite_to_svg(chart.to_json(), vl_version="6.1")
    return Html(svg.replace('class="marks"', f'class="{size}" role="img" aria-label="{_attribute(says)}"', 1))


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _room(order: Sequence[str], shape: Shape) -> int:
    """What the names take: as much as the longest needs, up to a limit."""
    return min(shape.names, 8 * max(map(len, order), default=0)) + 10


def _names(order: Sequence[str], shape: Shape) -> alt.Y:
    room = _room(order, shape)
    axis = alt.Axis(
        title=None, domain=False, ticks=False, labelLimit=room - 10, labelAlign="left", labelPadding=room,
        minExtent=room, maxExtent=room,
    )  # fmt: skip
    return alt.Y("name:N", sort=list(order), axis=axis)


def _length(values: Values, shape: Shape) -> alt.X:
    most = max((float(str(row["length"])) for row in values), default=0) or 1
    room = 1.32 if shape.is_wide else 1.5
    return alt.X("length:Q", axis=None, scale=alt.Scale(domain=[0, most * room], nice=False, zero=True))


def _bars(rows: Values, order: Sequence[str], shape: Shape) -> alt.LayerChart:
    base = alt.Chart(alt.Data(values=list(rows))).encode(y=_names(order, shape), x=_length(rows, shape))
    bar = base.mark_bar(height=14, cornerRadiusEnd=2, color=COLOURS[1])
    return _styled(alt.layer(bar, _label(base)), shape, 24 * max(len(order), 1), beside=_room(order, shape))


def _paired(rows: Values, order: Sequence[str], sides: Sequence[str], shape: Shape) -> alt.LayerChart:
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        y=_names(order, shape), x=_length(rows, shape), yOffset=alt.YOffset("side:N", sort=list(sides))
    )
    colour = alt.Color("side:N", scale=_colours(sides), legend=None)
    bar = base.mark_bar(height=11, cornerRadiusEnd=2).encode(color=colour)
    return _styled(alt.layer(bar, _label(base)), shape, 36 * max(len(order), 1), beside=_room(order, shape))


def _label(base: alt.Chart) -> alt.Chart:
    return base.mark_text(align="left", baseline="middle", dx=5, fontSize=12, color=INK).encode(text="label:N")


def _lines(rows: Values, sides: Sequence[str], shape: Shape) -> alt.LayerChart:
    height, top = 190, (max((float(str(row["value"])) for row in rows), default=0) or 1) * 1.1
    days = list(dict.fromkeys(str(row["day"]) for row in rows))
    every = max(-(-len(days) // (8 if shape.is_wide else 4)), 1)
    across = alt.Axis(title=None, values=days[::every], labelAngle=0, domainColor=RULE, tickColor=RULE, labelFlush=True)
    up = alt.Axis(title=None, tickCount=4, domain=False, ticks=False, gridColor=RULE, format=",d")
    scale = alt.Scale(domain=[0, top], nice=False)
    dashes = alt.Scale(domain=list(sides), range=[[5, 4], [1, 0]][-len(sides) :])
    line = (
        alt.Chart(alt.Data(values=list(rows)))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("day:O", sort=days, axis=across, scale=alt.Scale(type="point", padding=0)),
            y=alt.Y("value:Q", axis=up, scale=scale),
            color=alt.Color("side:N", scale=_colours(sides), legend=None),
            strokeDash=alt.StrokeDash("side:N", scale=dashes, legend=None),
        )
    )
    ends = alt.Chart(alt.Data(values=_ends(rows, sides, top * 17 / height)))
    names = ends.mark_text(align="left", dx=6, fontSize=12, fontWeight=600, color=INK, limit=END_NAMES - 10).encode(
        x=alt.X("day:O", sort=days), y=alt.Y("value:Q", scale=scale), text="side:N"
    )
    return _styled(alt.layer(line, names), shape, height, beside=46 + END_NAMES, right=END_NAMES)


def _ends(rows: Values, sides: Sequence[str], apart: float) -> list[dict[str, object]]:
    """Where each line's name stands: at its last value, two names never on top of each other."""
    last = {side: [row for row in rows if row["side"] == side][-1] for side in sides}
    found = sorted(({**row, "value": float(str(row["value"]))} for row in last.values()), key=lambda row: row["value"])
    if len(found) == 2 and (short := apart - (found[1]["value"] - found[0]["value"])) > 0:
        found[0]["value"] = max(found[0]["value"] - short / 2, 0)
        found[1]["value"] = found[0]["value"] + apart
    return [dict(row) for row in found]


def _colours(sides: Sequence[str]) -> alt.Scale:
    return alt.Scale(domain=list(sides), range=list(COLOURS[-len(sides) :]))


def _styled(chart: alt.LayerChart, shape: Shape, height: int, beside: int, right: int = 4) -> alt.LayerChart:
    width = shape.width - beside
    padding = {"left": 4, "top": 4, "bottom": 4, "right": right}
    styled: alt.LayerChart = (
        chart.properties(width=width, height=height, background="transparent", padding=padding)
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(labelColor=INK, labelFontSize=13, labelFont=FONT)
        .configure_axisX(labelColor=QUIET, labelFontSize=12, grid=False)
        .configure_axisQuantitative(labelColor=QUIET, labelFontSize=12)
    )
    return styled
