"""A person's data as a page she can read: one section after the other, nothing fetched, nothing that runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape

from tideover.delivery.privacy.collecting import Plain, Row

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1d2a2e}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{border:1px solid #cdd9da;padding:.3rem .6rem;"
    "text-align:start;vertical-align:top;unicode-bidi:plaintext;white-space:pre-wrap}.wide{overflow-x:auto}"
)
LAW = (
    "Some reasons and protections read 'we_are_checking': the law lets us, or bids us, keep what they rest on to ourselves. "
    "Where something tells of somebody else, such as how to reach whoever acts for you, it reads 'about_another_person'. "
    "What was said to or by other people is theirs and is not in here."
)


def page_of(sections: Mapping[str, list[Row]], at: datetime) -> str:
    """The page."""
    filled = {name: rows for name, rows in sections.items() if rows}
    empty = ", ".join(_title(name) for name, rows in sections.items() if not rows)
    links = "".join(f'<li><a href="#{escape(it)}">{_title(it)}</a></li>' for it in filled)
    body = "".join(_section(name, rows) for name, rows in filled.items())
    return (
        '<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Your data</title><style>{STYLE}</style></head><body><main><h1>Your data</h1>"
        f"<p>Everything we hold about you, as of {escape(at.strftime('%Y-%m-%d %H:%M UTC'))}. Amounts are in the smallest "
        f"unit of their currency.</p><p>{escape(LAW)}</p><nav><ul>{links}</ul></nav>{body}"
        f"<p>We hold nothing about you under: {escape(empty)}.</p></main></body></html>"
    )


def _title(name: str) -> str:
    return escape(name.replace("_", " ").capitalize())


def _section(name: str, rows: list[Row]) -> str:
    columns = [
        it
        for it in dict.fromkeys(one for row in rows for one in row)
        if any(row.get(it) not in (None, "") for row in rows)
    ]
    head = "".join(f'<th scope="col">{_title(it)}</th>' for it in columns)
    lines = "".join(f"<tr>{_cells(row, columns)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return f'<section id="{escape(name)}"><h2>{_title(name)}</h2><div class="wide">{table}</div></section>'


def _cells(row: Row, columns: Iterable[str]) -> str:
    return "".join(f'<td dir="auto">{escape(_said(row.get(it)))}</td>' for it in columns)


def _said(value: Plain) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(_said(it) for it in value)
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_said(it)}" for name, it in value.items() if it not in (None, "", []))
    return str(value)
