"""Bars with their intervals as small SVG files: from zero, named at the bar, told apart without colour."""

from collections.abc import Mapping
from pathlib import Path

import altair as alt
import vl_convert

from tests.real.shares import Share
from tests.real.words import OTHERS, short
from tideover.engine.policy.lists import Lists

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
INK, QUIET, BAR, PAPER = "#22302f", "#5d6b69", "#7fb3ac", "#fbfaf6"
NAMES, WIDTH, STEP = 330, 330, 40


def bars(shares: Mapping[str, Share], lists: Lists, says: str, axis: str, path: Path) -> None:
    """One bar a group, longest first; the line on it is the 95 % interval. `says` is the finding, above the bars."""
    named = [(name, it) for name, it in shares.items() if name != OTHERS]
    ordered = sorted(named, key=lambda it: -it[1].value)
    values = [
        {
            "name": short(name, lists), "value": 100 * it.value, "low": 100 * it.low, "high": 100 * it.high,
            "label": f"{100 * it.value:.1f} %, n = {it.n:,}",
        }
        for name, it in ordered
    ]  # fmt: skip
    base = alt.Chart(alt.Data(values=values)).encode(y=_names([it["name"] for it in values]))
    most = max(it["high"] for it in values)
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.5], nice=False, zero=True))
    drawn = [
        base.mark_bar(height=16, color=BAR).encode(x=x),
        base.mark_rule(color=INK, strokeWidth=1.5).encode(x=alt.X("low:Q"), x2="high:Q"),
        base.mark_text(align="left", baseline="middle", dx=6, color=INK, fontSize=12).encode(
            x=alt.X("high:Q"), text="label:N"
        ),
    ]
    chart = alt.layer(*drawn).properties(
        width=WIDTH,
        height=STEP * len(values),
        background=PAPER,
        padding=12,
        title=alt.TitleParams(
            says,
            subtitle=axis,
            anchor="start",
            frame="bounds",
            fontSize=14,
            color=INK,
            subtitleColor=QUIET,
            offset=10,
        ),
    )
    chart = chart.configure(font=FONT).configure_view(stroke=None)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(vl_convert.vegalite_to_svg(chart.to_json(), vl_version="6.1") + "\n", "utf-8")


def _names(order: list[str]) -> alt.Y:
    axis = alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelLimit=NAMES,
        labelBaseline=alt.condition(
            "indexof(datum.label, '\\n') < 0", alt.value("middle"), alt.value("bottom")
        ),
        labelExpr="split(datum.label, '\\n')",
        labelFontSize=12,
        labelColor=INK,
        labelPadding=8,
    )
    return alt.Y("name:N", sort=order, axis=axis)
