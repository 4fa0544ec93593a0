"""The page of a day of two systems: what both say, whom each alone contacts, and what forbids their contacts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from tideover.engine.measure.page import NOTHING_FROM_OUTSIDE, look
from tideover.engine.measure.page.html import Html, element, joined
from tideover.engine.measure.page.numbers import clock, day_of, long_day, share
from tideover.engine.measure.page.sections import plain_table, scrolled
from tideover.engine.measure.shadow import AT_ANOTHER_HOUR, LATER_HOUR, OTHERWISE, OURS, SAME, THEIRS, Beside
from tideover.engine.measure.where import codes
from tideover.engine.measure.words import Words, label, plural
from tideover.kit.days import iso_moment

KINDS = (
    (SAME, "Both say the same", "second"),
    (OTHERWISE, "Both, otherwise", "call"),
    (THEIRS, "Only theirs", "first"),
    (OURS, "Only ours", "peace"),
)
SHOWN, EXAMPLES = 40, 5
PARTS = (
    ("forbidden", "What forbids theirs"), ("theirs", "Only theirs"), ("otherwise", "Said otherwise"), ("ours", "Only ours"),
    ("aside", "Set aside"), ("people", "People"),
)  # fmt: skip


def shadow_page(found: Beside, words: Words) -> str:
    """The page as HTML: no script, nothing loaded from anywhere."""
    title = "Two systems, one day"
    head = element(
        "head", element("meta", charset="utf-8"), element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=NOTHING_FROM_OUTSIDE),
        element("title", f"{title}, {long_day(day_of(found.at))}"), element("style", Html(look())),
    )  # fmt: skip
    parts = [
        _forbidden(found, words),
        _theirs(found, words),
        _otherwise(found),
        _ours(found, words),
        _aside(found),
        _people(found),
    ]
    body = element(
        "body", element("a", "Skip to the numbers", class_="skip", href="#numbers"), _header(found, title),
        element("main", *parts, id="numbers", tabindex="-1"), _footer(found),
    )  # fmt: skip
    return "<!doctype html>\n" + element("html", head, body, lang="en", dir="ltr")


def _header(found: Beside, title: str) -> Html:
    rows, compared = found.differences, found.listed - found.set_aside.height
    numbers = {kind: rows.filter(pl.col("kind") == kind).height for kind, *_ in KINDS}
    peace = found.of(THEIRS).filter(pl.col("our_treatment").is_in(["none", "wait"])).height
    lead = (
        f"Of {plural(compared, 'contact')} on their list, {numbers[SAME]:,} would be the same with us and {numbers[OTHERWISE]:,} "
        f"otherwise. {peace:,} would go to people whom we leave in peace today, and {found.forbidden.height:,} are forbidden by a rule, "
        f"a hold or a wish. {numbers[OURS]:,} people hear from us and not from them. Nothing was sent."
    )
    spans = (
        element("span", class_=colour, style=f"flex:{numbers[kind]}")
        for kind, _, colour in KINDS
        if numbers[kind]
    )
    figures = (_figure(name, numbers[kind], rows.height, colour) for kind, name, colour in KINDS)
    links = (element("li", element("a", name, href=f"#{anchor}")) for anchor, name in PARTS)
    return element(
        "header", element("p", f"Their list beside our decisions, as of {clock(found.at)}", class_="kicker"),
        element("h1", f"{title}: {long_day(day_of(found.at))}"),
        element("p", lead, class_="lead"), element("div", *spans, class_="split", role="img", aria_label=lead),
        element("dl", *figures, class_="figures"), element("nav", element("ul", *links), aria_label="On this page"),
    )  # fmt: skip


def _figure(name: str, number: int, every: int, colour: str) -> Html:
    key = element("span", class_=f"key {colour}")
    more = element("dd", f"{share(number, every)} of contacts")
    return element("div", element("dt", key, name), element("dd", f"{number:,}"), more, class_=colour)


def _forbidden(found: Beside, words: Words) -> Html:
    rows = found.forbidden
    title = f"{plural(rows.height, 'contact')} of theirs that may not be made"
    return _section(
        "forbidden", title, _by_code(rows, "forbidden_by", "what forbids it", words, with_source=True)
    )


def _theirs(found: Beside, words: Words) -> Html:
    rows = found.of(THEIRS)
    peace = rows.filter(pl.col("our_treatment").is_in(["none", "wait"]))
    again = rows.filter(pl.col("nth") > 1).height
    more = (
        element(
            "p", f"{plural(again, 'row')} would be one more contact with the same person on the same day."
        )
        if again
        else None
    )
    waits = pl.when(pl.col("our_treatment") == "wait").then(pl.lit("better_moment_later"))
    peace = peace.with_columns(our_reasons=pl.coalesce(waits, "our_blocked_by", "our_reasons"))
    title = f"{plural(peace.height, 'contact')} with people whom we leave in peace, and why"
    return _section("theirs", title, _by_code(peace, "our_reasons", "why we say nothing", words), more)


def _otherwise(found: Beside) -> Html:
    rows = found.of(OTHERWISE)
    ways = (
        rows.filter(pl.col("differs").str.contains("channel")).group_by("their_channel", "our_channel").len()
    )
    ways = ways.sort("len", "their_channel", "our_channel", descending=[True, False, False])
    topics = rows.filter(pl.col("differs").str.contains("topic")).group_by("their_topic", "our_purpose").len()
    topics = topics.sort("len", "their_topic", "our_purpose", descending=[True, False, False])
    hours = rows.filter(pl.col("differs").str.contains("moment")).height
    note = [
        f"{plural(hours, 'contact')} more than two hours apart.",
        f"{plural(found.not_compared, 'row')} of theirs have a topic that is none of ours; their topic is left out.",
    ]
    return _section(
        "otherwise", f"{plural(rows.height, 'person', 'people')} who hear from both, otherwise",
        element("div", _pairs(ways, "By another way", "channel"), _pairs(topics, "About something else", "topic"), class_="pairs"),
        element("p", " ".join(note), class_="quiet"),
    )  # fmt: skip


def _ours(found: Beside, words: Words) -> Html:
    rows = found.of(OURS)
    counted = rows.group_by("our_purpose").len().sort("len", "our_purpose", descending=[True, False])
    body = [
        [f"{label(purpose).capitalize()}. {words.purpose(purpose)}", f"{many:,}"]
        for purpose, many in counted.iter_rows()
    ]
    table = plain_table(["what we say", "people"], body, "") if body else element("p", "Nobody.")
    return _section(
        "ours", f"{plural(rows.height, 'person', 'people')} who are not on their list and hear from us", table
    )


def _aside(found: Beside) -> Html:
    rows = found.set_aside
    counted = rows.group_by("because").len().sort("len", "because", descending=[True, False]).head(SHOWN)
    table = (
        plain_table(["why", "rows"], [[why, f"{many:,}"] for why, many in counted.iter_rows()], "")
        if rows.height
        else None
    )
    return _section("aside", f"{plural(rows.height, 'row')} of {found.listed:,} set aside", table)


def _people(found: Beside) -> Html:
    parts = [rows for kind, *_ in KINDS[1:] if (rows := found.of(kind).head(EXAMPLES)).height]
    rows = pl.concat(parts) if parts else found.differences.head(0)
    stories = (_story(row) for row in rows.iter_rows(named=True))
    return _section(
        "people",
        f"{plural(rows.height, 'person', 'people')} told in words",
        element("div", *stories, class_="people"),
    )


def _story(row: dict[str, object]) -> Html:
    theirs = _contact(
        row["their_channel"],
        row["their_words"] or row["their_topic"],
        row["their_moment"],
        said=row["row"] is not None,
    )
    ours = _contact(
        row["our_channel"],
        row["our_purpose"],
        row["our_send_at"],
        said=row["our_treatment"] in ("contact", "human"),
    )
    facts = [
        ("They", theirs),
        ("We", ours),
        ("Because", str(row["why"] or "")),
        ("Forbids theirs", str(row["forbidden"] or "")),
    ]
    told = element("dl", *(joined(element("dt", name), element("dd", it)) for name, it in facts if it))
    kind = next(name for code, name, _ in KINDS if code == row["kind"])
    return element(
        "details",
        element("summary", element("b", str(row["borrower_id"])), " ", element("span", kind, class_="quiet")),
        told,
    )


def _contact(channel: object, topic: object, moment: object, *, said: bool) -> str:
    if not said:
        return "nothing today"
    when = f", {iso_moment(moment)}" if isinstance(moment, int) else ""
    return f"{label(str(topic or 'something'))} by {channel or 'some way'}{when}"


def _by_code(
    rows: pl.DataFrame, column: str, heading: str, words: Words, *, with_source: bool = False
) -> Html:
    """Each code with its sentence and how many; a row with several counts under its first. `with_source`: who says so."""
    if not rows.height:
        return element("p", "None.")
    first = (
        pl.col(column).fill_null("").map_elements(lambda it: (codes(it) or ("",))[0], return_dtype=pl.String)
    )
    counted = rows.with_columns(code=first).group_by("code").agg(pl.len(), pl.col("borrower_id").min())
    counted = counted.sort("len", "code", descending=[True, False]).head(SHOWN)
    names = (heading, *(["says so"] if with_source else []), "contacts", "share", "for example")
    titles = (
        element("th", it, scope="col", class_="number" if it in ("contacts", "share") else None)
        for it in names
    )
    body = []
    for code, many, example in counted.iter_rows():
        says = element(
            "th", element("b", label(code)), element("br"), element("small", _says(code, words)), scope="row"
        )
        cells = [element("td", it, class_="number") for it in (f"{many:,}", share(many, rows.height))]
        source = [element("td", _source(code, words))] if with_source else []
        body.append(element("tr", says, *source, *cells, element("td", example)))
    table = element("table", element("thead", element("tr", *titles)), element("tbody", *body))
    return scrolled(table, heading)


def _says(code: str, words: Words) -> str:
    return LATER_HOUR if code == AT_ANOTHER_HOUR else words.of_person(code)


def _source(code: str, words: Words) -> Html | str:
    """The article or choice behind it."""
    if code == AT_ANOTHER_HOUR:
        return "the hours of the person's place"
    source = words.source(code)
    return (
        element("a", source.title, href=source.href, rel="noreferrer")
        if source.href
        else source.title or source.kind
    )


def _pairs(counted: pl.DataFrame, title: str, what: str) -> Html:
    body = [
        [f"{label(theirs)} → {label(ours)}", f"{many:,}"]
        for theirs, ours, many in counted.head(SHOWN).iter_rows()
    ]
    table: Html = (
        plain_table([f"their {what}, then ours", "people"], body, "") if body else element("p", "Nobody.")
    )
    return element("div", element("h3", title), table)


def _section(name: str, title: str, *body: Html | None) -> Html:
    return element("section", element("h2", title[:1].upper() + title[1:], id=name, tabindex="-1"), *body)


def _footer(found: Beside) -> Html:
    facts: Sequence[tuple[str, str]] = (
        ("book", found.source),
        ("strategy", found.strategy),
        ("people decided", f"{found.people:,}"),
    )
    listed: Iterator[Html] = (joined(element("dt", name), element("dd", value)) for name, value in facts)
    says = "Every difference is a row of differences.parquet and .csv beside this page; rows set aside stand in set_aside.csv."
    sql = "duckdb -c \"select kind, count(*) from 'differences.parquet' group by kind\""
    return element("footer", element("p", says), element("pre", element("code", sql)), element("dl", *listed))
