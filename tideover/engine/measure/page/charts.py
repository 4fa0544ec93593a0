"""Charts as SVG inside the page, with the page's own colours: bars from zero, lines with their names at the end.

Each is drawn twice, for wide screens and for phones; the page shows one. Colours are CSS variables, so that the charts
follow the reader's theme and print in grey. What a chart finds stands above it, its numbers in a table beneath.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import cast

import altair as alt
import vl_convert

from tideover.engine.measure.page.html import Html, element, quoted

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
INK, QUIET, RULE = "var(--ink)", "var(--quiet)", "var(--rule)"
COLOURS = ("var(--first)", "var(--second)")
"""Told apart by lightness, so also in grey and by people who see colours differently."""

REST = "rest"
"""The side of a bar that stands for all the small ones; it is drawn quieter."""

DASHES = ([5, 4], [1, 0])
END_NAMES = 84
"""Room to the right of a line for its name."""

LINE_HEIGHT, NAME_HEIGHT = 190, 17


@dataclass(frozen=True)
class Mark:
    """One bar, or one point of a line: what it stands for, whose it is, how long or high, and what is written beside it."""

    name: str
    value: float
    label: str = ""
    side: str = ""


@dataclass(frozen=True)
class Shape:
    """How much room a chart has: its whole width, what names of bars may take of it, and how many days it can name."""

    size: str
    width: int
    names: int
    days: int
    beyond: float
    """The scale goes so far beyond the longest bar, to leave room for the label at its end."""


SHAPES = (Shape("wide", 528, 190, 8, 1.32), Shape("narrow", 318, 122, 4, 1.5))


def bars(marks: Sequence[Mark], says: str) -> Html:
    """One bar a name, in the order given."""
    plain = [mark if mark.side == REST else replace(mark, side="") for mark in marks]
    return _drawn(says, lambda shape: _bars(plain, shape))


def paired_bars(marks: Sequence[Mark], sides: Sequence[str], says: str) -> Html:
    """Two bars a name, one a strategy."""
    return _drawn(says, lambda shape: _pairs(marks, sides, shape))


def lines(marks: Sequence[Mark], sides: Sequence[str], says: str) -> Html:
    """A line a strategy; names are days, in order. The strategy's name stands at the line's end."""
    return _drawn(says, lambda shape: _lines(marks, sides, shape))


def _drawn(says: str, draw: Callable[[Shape], alt.LayerChart]) -> Html:
    return element("div", *(_svg(draw(shape), says, shape.size) for shape in SHAPES), class_="chart")


def _svg(chart: alt.LayerChart, says: str, size: str) -> Html:
    svg = vl_convert.vegalite_to_svg(chart.to_json(), vl_version="6.1")
    return Html(svg.replace('class="marks"', f'class="{size}" role="img" aria-label="{quoted(says)}"', 1))


def _data(marks: Sequence[Mark]) -> alt.Chart:
    return alt.Chart(alt.Data(values=[asdict(mark) for mark in marks]))  # type: ignore[no-untyped-call]


def _order(marks: Sequence[Mark]) -> list[str]:
    return list(dict.fromkeys(mark.name for mark in marks))


def _room(marks: Sequence[Mark], shape: Shape) -> int:
    """What the names take: as much as the longest needs, up to a limit."""
    return min(shape.names, max(9 * max((len(mark.name) for mark in marks), default=0), 36)) + 10


def _names(marks: Sequence[Mark], shape: Shape) -> alt.Y:
    room = _room(marks, shape)
    axis = alt.Axis(
        title=None, domain=False, ticks=False, labelLimit=room - 10, labelAlign="left", labelPadding=room,
        minExtent=room, maxExtent=room,
    )  # fmt: skip
    return alt.Y("name:N", sort=_order(marks), axis=axis)


def _length(marks: Sequence[Mark], shape: Shape) -> alt.X:
    most = max((mark.value for mark in marks), default=0) or 1
    return alt.X(
        "value:Q",
        stack=None,
        axis=None,
        scale=alt.Scale(domain=[0, most * shape.beyond], nice=False, zero=True),
    )


def _bars(marks: Sequence[Mark], shape: Shape) -> alt.LayerChart:
    base = _data(marks).encode(y=_names(marks, shape), x=_length(marks, shape))
    colours = alt.Scale(domain=["", REST], range=[COLOURS[1], "var(--peace)"])
    bar = base.mark_bar(height=14, cornerRadiusEnd=2).encode(
        color=alt.Color("side:N", scale=colours, legend=None)
    )
    return _styled([bar, _labels(base)], shape, 24 * max(len(marks), 1), beside=_room(marks, shape))


def _pairs(marks: Sequence[Mark], sides: Sequence[str], shape: Shape) -> alt.LayerChart:
    base = _data(marks).encode(
        y=_names(marks, shape), x=_length(marks, shape), yOffset=alt.YOffset("side:N", sort=list(sides))
    )
    bar = base.mark_bar(height=11, cornerRadiusEnd=2).encode(color=_colour(sides))
    return _styled([bar, _labels(base)], shape, 36 * max(len(_order(marks)), 1), beside=_room(marks, shape))


def _labels(base: alt.Chart) -> alt.Chart:
    text = base.mark_text(align="left", baseline="middle", dx=5, fontSize=12, color=INK)
    return cast("alt.Chart", text.encode(text="label:N"))


def _lines(marks: Sequence[Mark], sides: Sequence[str], shape: Shape) -> alt.LayerChart:
    top, days = (max((mark.value for mark in marks), default=0) or 1) * 1.1, _order(marks)
    shown = days[:: max(-(-len(days) // shape.days), 1)]
    across = alt.Axis(
        title=None, values=shown, labelAngle=0, domainColor=RULE, tickColor=RULE, labelFlush=True
    )
    up = alt.Axis(
        title=None, tickCount=4, tickMinStep=1, domain=False, ticks=False, gridColor=RULE, format=",d"
    )
    x = alt.X("name:O", sort=days, axis=across, scale=alt.Scale(type="point", padding=0))
    y = alt.Y("value:Q", axis=up, scale=alt.Scale(domain=[0, top], nice=False))
    dashes = alt.Scale(domain=list(sides), range=list(DASHES[-len(sides) :]))
    line = _data(marks).mark_line(strokeWidth=2.5).encode(
        x=x, y=y, color=_colour(sides), strokeDash=alt.StrokeDash("side:N", scale=dashes, legend=None)
    )  # fmt: skip
    ends = _data(_ends(marks, sides, top * NAME_HEIGHT / LINE_HEIGHT))
    text = ends.mark_text(align="left", dx=6, fontSize=12, fontWeight=600, color=INK, limit=END_NAMES - 10)
    return _styled(
        [line, text.encode(x=x, y=y, text="side:N")],
        shape,
        LINE_HEIGHT,
        beside=46 + END_NAMES,
        right=END_NAMES,
    )


def _ends(marks: Sequence[Mark], sides: Sequence[str], apart: float) -> list[Mark]:
    """Where each line's name stands: at its last value, two names never on top of each other."""
    last = {mark.side: mark for mark in marks}
    found = sorted((last[side] for side in sides if side in last), key=lambda mark: mark.value)
    if len(found) == 2 and found[1].value - found[0].value < apart:
        low = max((found[0].value + found[1].value - apart) / 2, 0)
        return [replace(found[0], value=low), replace(found[1], value=low + apart)]
    return found


def _colour(sides: Sequence[str]) -> alt.Color:
    scale = alt.Scale(domain=list(sides), range=list(COLOURS[-len(sides) :]))
    return alt.Color("side:N", scale=scale, legend=None)


def _styled(
    layers: list[alt.Chart], shape: Shape, height: int, beside: int, right: int = 4
) -> alt.LayerChart:
    padding = {"left": 4, "top": 4, "bottom": 4, "right": right}
    chart = alt.LayerChart(
        layer=layers, width=shape.width - beside, height=height, background="transparent", padding=padding
    )
    config = alt.Config(
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(labelColor=INK, labelFontSize=13, labelFont=FONT),
        axisX=alt.AxisConfig(labelColor=QUIET, labelFontSize=12, grid=False),
        axisQuantitative=alt.AxisConfig(labelColor=QUIET, labelFontSize=12),
    )
    return chart.properties(config=config)
