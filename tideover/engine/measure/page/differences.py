"""Two strategies side by side: the figures at a glance, and who goes from what to what."""

from __future__ import annotations

from collections.abc import Iterator

from tideover.engine.measure.changes import SHOWN
from tideover.engine.measure.page import findings
from tideover.engine.measure.page.html import Html, element, joined
from tideover.engine.measure.page.numbers import MINUS, money, signed
from tideover.engine.measure.page.sections import plain_table
from tideover.engine.measure.report import Change, Report, Side, Situation
from tideover.engine.measure.words import TREATMENTS, Words, label
from tideover.kit.days import iso_moment

ORDER = ("contact", "human", "wait", "none")


def at_a_glance(report: Report) -> Html:
    """Every figure under each strategy, and their difference."""
    sides = report.sides
    rows = [[what, *values] for what, *values in _figures(report)]
    head = ["over all days", *(side.name for side in sides), *(["difference"] if len(sides) > 1 else [])]
    return element("section", element("h2", "At a glance", id="glance", tabindex="-1"), plain_table(head, rows, ""), _interval(report))


def _figures(report: Report) -> Iterator[list[str]]:
    def counted(what: str, *values: float, decimals: int = 0) -> list[str]:
        written = [f"{value:,.{decimals}f}" for value in values]
        return [what, *written, *([signed(values[1] - values[0], decimals)] if len(values) > 1 else [])]

    sides = report.sides
    yield counted("people who hear from us", *(side.spoken_to for side in sides))
    yield counted("people left in peace on every day", *(side.left_in_peace for side in sides))
    yield counted("messages", *(side.messages for side in sides))
    yield counted("calls and visits for people", *(side.calls for side in sides))
    yield counted("contacts for each 100 people", *(100 * side.contacts / max(side.people, 1) for side in sides), decimals=1)
    yield counted("most contacts one person gets", *(side.most for side in sides))
    costs = [side.cost for side in sides]
    apart = [("+" if costs[1] > costs[0] else MINUS) + money(abs(costs[1] - costs[0]), report)] if len(costs) > 1 else []
    yield ["cost of contacts", *(money(cost, report) for cost in costs), *(apart if apart and costs[0] != costs[1] else ["0"] * len(apart))]


def _interval(report: Report) -> Html | None:
    if report.difference is None or report.people >= report.of:
        return None
    each = report.difference.times(100)
    says = (
        f"These are {report.people:,} people drawn from {report.of:,}. In the whole book the difference is {signed(each.value, 1)} "
        f"contacts for each 100 people, and with 95 in 100 certainty between {signed(each.low, 1)} and {signed(each.high, 1)}."
    )
    return element("p", says)


def who_changes(report: Report, words: Words) -> Html:
    """From what to what, by treatment and then by step and reason."""
    title = element("h3", findings.who_changes(report))
    note = element(
        "p", "Each day of each person is compared. What is said on one day changes the next ones, so some rows only moved.",
        class_="quiet",
    )  # fmt: skip
    body = joined(title, note, _matrix(report), _steps(report, words)) if report.changes else title
    return element("section", element("h2", "Who is treated differently, and why", id="changes", tabindex="-1"), body)


def _matrix(report: Report) -> Html:
    counts = {(was, now): 0 for was in ORDER for now in ORDER}
    for change in report.changes:
        counts[change.was.treatment, change.now.treatment] += change.rows
    old, new = (side.name for side in report.sides)
    total = {was: sum(cell.rows for cell in report.sides[0].cells if cell.treatment == was) for was in ORDER}
    head = [f"under {old}", *(f"{new}: {TREATMENTS[now][0]}" for now in ORDER)]
    rows = []
    for was in ORDER:
        moved = sum(counts[was, now] for now in ORDER if now != was)
        rows.append([TREATMENTS[was][0], *(f"{total[was] - moved if now == was else counts[was, now]:,}" for now in ORDER)])
    return plain_table(head, rows, "days of people, from the row to the column")


def _steps(report: Report, words: Words) -> Html:
    shown, rest = report.changes[:SHOWN], report.changes[SHOWN:]
    old, new = (side.name for side in report.sides)
    head = element(
        "tr", element("th", f"under {old}", scope="col"), element("th", f"under {new}", scope="col"),
        *(element("th", name, class_="number", scope="col") for name in ("people", "days")), element("th", "for example", scope="col"),
    )  # fmt: skip
    rows = [_change(change, words) for change in shown]
    if rest:
        more = f"{len(rest)} more such changes, on {sum(it.rows for it in rest):,} days of people in all"
        rows.append(element("tr", element("td", more, colspan="5", class_="quiet")))
    table = element("table", element("caption", "by step and reason, most people first"), element("thead", head), element("tbody", *rows))
    return element("details", element("summary", "By step and reason"), element("div", table, class_="scroll"), open=True)


def _change(change: Change, words: Words) -> Html:
    person, at = change.example
    explain = element(
        "details", element("summary", person), element("code", f"tideover explain --borrower {person} --at {iso_moment(at)}")
    )
    numbers = (element("td", f"{count:,}", class_="number") for count in (change.people, change.rows))
    return element("tr", *(element("td", _situation(it, words)) for it in (change.was, change.now)), *numbers, element("td", explain))


def _situation(it: Situation, words: Words) -> Html:
    step = " · ".join(label(part) for part in (it.policy, it.step) if part)
    head = joined(element("b", words.treatment(it.treatment).capitalize()), f" {step}" if step else None)
    return joined(head, element("br"), element("small", words.of_person(it.because)))


def side_names(sides: tuple[Side, ...]) -> list[str]:
    """The names of the strategies, the tried one last."""
    return [side.name for side in sides]
