"""Two strategies side by side: the figures at a glance, and who goes from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tideover.engine.measure.changes import SHOWN
from tideover.engine.measure.intervals import of_mean
from tideover.engine.measure.page import findings
from tideover.engine.measure.page.html import Html, element, joined
from tideover.engine.measure.page.numbers import MINUS, money, signed
from tideover.engine.measure.page.sections import plain_table, scrolled
from tideover.engine.measure.report import CALLED, WRITTEN, Change, Report, Situation
from tideover.engine.measure.words import TREATMENTS, Words, label
from tideover.kit.days import iso_moment

ORDER = ("contact", "human", "wait", "none")
SURELY = "with 95 in 100 certainty"
FIRST = 10
"""Changes shown at once; the others are a press away."""


def at_a_glance(report: Report, beside: Html) -> Html:
    """Every figure under each strategy, and their difference; a chart beside it."""
    sides = report.sides
    rows = [[what, *values] for what, *values in _figures(report)]
    head = ["over all days", *(side.name for side in sides), *(["difference"] if len(sides) > 1 else [])]
    behind = element("details", element("summary", "The conditions behind these figures"), _conditions())
    table = element("div", plain_table(head, rows, ""), _interval(report), behind)
    return element(
        "section",
        element("h2", "At a glance", id="glance", tabindex="-1"),
        element("div", table, beside, class_="pairs"),
    )


def _figures(report: Report) -> Iterator[list[str]]:
    def counted(what: str, *values: float, decimals: int = 0) -> list[str]:
        written = [f"{value:,.{decimals}f}" for value in values]
        return [what, *written, *([signed(values[1] - values[0], decimals)] if len(values) > 1 else [])]

    sides = report.sides
    yield counted("people who hear from us", *(side.spoken_to for side in sides))
    yield counted("people left in peace on every day", *(side.left_in_peace for side in sides))
    yield counted("messages", *(side.messages for side in sides))
    yield counted("calls and visits for people", *(side.calls for side in sides))
    yield counted(
        "contacts for each 100 people",
        *(100 * side.contacts / max(side.people, 1) for side in sides),
        decimals=1,
    )
    yield counted("most contacts one person gets", *(side.most for side in sides))
    costs = [side.cost for side in sides]
    apart = (
        [("+" if costs[1] > costs[0] else MINUS) + money(abs(costs[1] - costs[0]), report)]
        if len(costs) > 1
        else []
    )
    yield [
        "cost of contacts",
        *(money(cost, report) for cost in costs),
        *(apart if apart and costs[0] != costs[1] else ["0"] * len(apart)),
    ]


def _interval(report: Report) -> Html | None:
    """What the sample says of the whole book, and how surely."""
    if report.people >= report.of:
        return None
    new, says = report.newest, f"These are {report.people:,} people drawn from {report.of:,}. "
    if report.difference is None:
        times = sum(n * people for n, people in new.frequency.items())
        squares = sum(n * n * people for n, people in new.frequency.items())
        whole = of_mean(times, squares, report.people, report.of).times(report.of)
        says += f"In the whole book it would make about {whole.value:,.0f} contacts, {SURELY} between "
        return element("p", f"{says}{whole.low:,.0f} and {whole.high:,.0f}.")
    each = report.difference.times(100)
    says += f"In the whole book the difference is about {signed(each.value, 1)} contacts for each 100 people, {SURELY} between "
    return element("p", f"{says}{signed(each.low, 1)} and {signed(each.high, 1)}.")


def _conditions() -> Html:
    made = "treatment in ('contact', 'human')"
    pairs = [
        ("people who hear from us", f"count(distinct borrower_id) where {made}"),
        ("messages", f"count(*) where {WRITTEN.sql}"),
        ("calls and visits for people", f"count(*) where {CALLED.sql}"),
        ("cost of contacts", f"sum(cost) / 1000 where {made}"),
    ]
    return element("ul", *(element("li", f"{what}: ", element("code", sql)) for what, sql in pairs))


def who_changes(report: Report, words: Words) -> Html:
    """From what to what, by treatment and then by step and reason."""
    title = element("h3", findings.who_changes(report))
    note = element(
        "p", "Each day of each person is compared. What is said on one day changes the next ones, so some rows only moved.",
        class_="quiet",
    )  # fmt: skip
    body = joined(title, note, _matrix(report), _steps(report, words)) if report.changes else title
    return element(
        "section", element("h2", "Who is treated differently, and why", id="changes", tabindex="-1"), body
    )


def _matrix(report: Report) -> Html:
    """Person-days from each treatment of the first strategy to each of the second."""
    counts = {(was, now): 0 for was in ORDER for now in ORDER}
    for cell in report.sides[0].cells:
        counts[cell.treatment, cell.treatment] += cell.rows
    for change in report.changes:
        counts[change.was.treatment, change.was.treatment] -= change.rows
        counts[change.was.treatment, change.now.treatment] += change.rows
    old, new = (side.name for side in report.sides)
    head = (element("th", TREATMENTS[now][0], class_="number", scope="col") for now in ORDER)
    rows = (
        element(
            "tr",
            element("th", TREATMENTS[was][0], scope="row"),
            *(_moved(counts[was, now], was == now) for now in ORDER),
        )
        for was in ORDER
    )
    table = element(
        "table", element("thead", element("tr", element("td", ""), *head)), element("tbody", *rows)
    )
    both = f"'{old}/decisions/*.parquet' was join '{new}/decisions/*.parquet' now using (borrower_id, at)"
    sql = f"select * from {both} where was.treatment = 'contact' and now.treatment = 'none'"  # noqa: S608 - to be read
    return joined(
        element(
            "p", f"Person-days. Rows: what {old} does. Columns: what {new} does instead.", class_="quiet"
        ),
        scrolled(table, f"From what {old} does to what {new} does"),
        element(
            "details",
            element("summary", "The rows behind it"),
            element("p", "For example:"),
            element("pre", element("code", sql)),
        ),
    )


def _moved(count: int, is_same: bool) -> Html:
    shown = element("b", f"{count:,}") if count and not is_same else f"{count:,}"
    return element("td", shown, class_="number same" if is_same or not count else "number")


def _steps(report: Report, words: Words) -> Html:
    first, then, rest = report.changes[:FIRST], report.changes[FIRST:SHOWN], report.changes[SHOWN:]
    left = (
        f"{len(rest)} more kinds of change stand on {sum(it.rows for it in rest):,} person-days."
        if rest
        else None
    )
    folded = (
        element(
            "details",
            element("summary", f"{len(then)} more kinds of change"),
            _changes(report, then, words),
            left,
        )
        if then
        else None
    )
    return joined(_changes(report, first, words), folded)


def _changes(report: Report, changes: Sequence[Change], words: Words) -> Html:
    old, new = (side.name for side in report.sides)
    head = element(
        "tr", element("th", f"what {old} does", scope="col"), element("th", f"what {new} does instead", scope="col"),
        *(element("th", name, class_="number", scope="col") for name in ("people", "days")), element("th", "for example", scope="col"),
    )  # fmt: skip
    body = element("tbody", *(_change(change, words) for change in changes))
    table = element(
        "table", element("caption", "By step and reason, most people first"), element("thead", head), body
    )
    return element("div", table, class_="scroll")


def _change(change: Change, words: Words) -> Html:
    person, at = change.example
    explain = element(
        "details",
        element("summary", person),
        element("code", f"tideover explain --borrower {person} --at {iso_moment(at)}"),
    )
    numbers = (element("td", f"{count:,}", class_="number") for count in (change.people, change.rows))
    return element(
        "tr",
        *(element("td", _situation(it, words)) for it in (change.was, change.now)),
        *numbers,
        element("td", explain),
    )


def _situation(it: Situation, words: Words) -> Html:
    step = " · ".join(label(part) for part in (it.policy, it.step) if part)
    head = joined(element("b", words.treatment(it.treatment).capitalize()), f" {step}" if step else None)
    return joined(head, element("br"), element("small", words.of_person(it.because)))
