"""The page of a report: whole, safe, readable without a mouse, and true to the numbers."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from tests.engine.measure.conftest import START, rows_of
from tideover.engine.decision.whole_book import decide_book
from tideover.engine.measure import Report, day_page, write_page
from tideover.engine.measure.page import findings, page
from tideover.engine.measure.page.html import VOID, Html, element
from tideover.engine.measure.report import Line, Story


class Reader(HTMLParser):
    """Reads a page as a browser would: tags in order, nesting, ids, links and words."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.words, self.wrong = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.words.append(data)

    def values(self, name: str) -> list[str]:
        return [attrs[name] for _, attrs in self.tags if name in attrs]

    def count(self, tag: str) -> int:
        return sum(1 for found, _ in self.tags if found == tag)


@pytest.fixture(scope="module")
def of_trial(trial, words):
    return page(trial.report, words)


@pytest.fixture(scope="module")
def of_day(book, everyday, tmp_path_factory):
    run = decide_book(book, everyday, START, tmp_path_factory.mktemp("runs") / "day")
    return day_page(run, book, everyday, run.out / "report.html").read_text("utf-8")


@pytest.fixture(params=["of_trial", "of_day"])
def read(request):
    return request.getfixturevalue(request.param)


def test_the_page_is_whole_and_well_nested(read):
    reader = Reader(read)

    assert read.startswith("<!doctype html>")
    assert reader.wrong == []
    assert reader.open == []
    assert ("html", {"lang": "en", "dir": "ltr"}) in reader.tags


def test_nothing_is_loaded_and_nothing_runs(read):
    reader = Reader(read)

    assert {"script", "iframe", "object", "form"} & {tag for tag, _ in reader.tags} == set()
    assert [attrs for tag, attrs in reader.tags if tag == "link" or "src" in attrs] == []
    assert not re.search(r"url\(|@import", read)
    assert not any(name.startswith("on") for _, attrs in reader.tags for name in attrs)
    assert any("default-src 'none'" in content for content in reader.values("content"))


def test_every_link_within_the_page_arrives_and_every_other_one_is_a_source(read):
    reader = Reader(read)
    ids = reader.values("id")

    assert len(ids) == len(set(ids))
    for href in reader.values("href"):
        assert href.removeprefix("#") in ids or href.startswith("https://"), href


def test_the_keyboard_gets_past_the_head_and_into_everything(read):
    reader = Reader(read)
    links = [attrs for tag, attrs in reader.tags if tag == "a"]

    assert links[0]["href"] == "#numbers"
    assert reader.count("details") == reader.count("summary") > 10
    assert ":focus-visible" in read


def test_every_chart_says_what_it_found_and_has_its_table(read):
    figures = re.findall(r"<figure>.*?</figure>", read, re.DOTALL)
    drawn = [figure for figure in figures if "<svg" in figure]

    assert drawn
    for figure in drawn:
        title = re.search(r"<h3>(.+?)</h3>", figure)[1]
        assert len(title) > 12
        assert f'aria-label="{title}"' in figure
        assert "<table>" in figure
        assert {"wide", "narrow"} <= set(re.findall(r'<svg[^>]* class="(\w+)"', figure))


def test_charts_take_the_colours_of_the_page(read):
    for svg in re.findall(r"<svg.*?</svg>", read, re.DOTALL):
        assert re.findall(r'(?:fill|stroke)="(?!none|transparent|var\()([^"]+)"', svg) == []


def test_it_reads_at_the_width_of_a_phone_in_the_dark_and_on_paper(read):
    for query in ("max-width: 640px", "prefers-color-scheme: dark", "@media print"):
        assert query in read


def test_the_first_screen_tells_the_day(of_day, everyday):
    text = " ".join(Reader(of_day).words)

    assert "Monday 2 November 2026" in text
    assert "left in peace" in text
    assert "decided at 06:00 UTC" in text


def test_the_figures_of_the_day_sum_to_everybody(of_day):
    figures = [int(found.replace(",", "")) for found in re.findall(r"</dt><dd>([\d,]+)</dd>", of_day)]

    assert figures[:-1]
    assert sum(figures[:4]) == int(re.search(r"Of ([\d,]+) people", of_day)[1].replace(",", ""))


def test_the_first_screen_tells_how_the_strategies_differ(of_trial, trial):
    text = " ".join(Reader(of_trial).words)
    old, new = trial.report.sides

    assert "Trying “quieter” against “everyday”" in text
    assert f"{old.messages - new.messages} fewer messages" in text
    assert "Over 3 days" in text


def test_a_matrix_row_sums_to_all_that_the_first_strategy_did(of_trial, trial):
    section = of_trial[of_trial.index('id="changes"') :]
    first_row = re.search(r"<tr><th scope=\"row\">written to</th>(.*?)</tr>", section, re.DOTALL)[1]
    counts = [int(it.replace(",", "")) for it in re.findall(r">([\d,]+)<", first_row)]

    assert sum(counts) == rows_of(trial.out, "everyday").filter(treatment="contact").height


def test_each_change_has_the_rows_that_it_counts(trial):
    old, new = (rows_of(trial.out, name) for name in ("everyday", "quieter"))
    both = old.join(new, on=["borrower_id", "at"], suffix="_now")
    because = pl.col("reasons").str.split(",").list.first()
    because_now = pl.col("reasons_now").str.split(",").list.first()

    assert trial.report.changes
    for change in trial.report.changes:
        rows = both.filter(
            pl.col("treatment") == change.was.treatment,
            pl.col("step").fill_null("") == change.was.step,
            because == change.was.because,
            pl.col("treatment_now") == change.now.treatment,
            pl.col("step_now").fill_null("") == change.now.step,
            because_now == change.now.because,
            pl.col("policy").fill_null("") == change.was.policy,
            pl.col("policy_now").fill_null("") == change.now.policy,
        )
        assert (rows.height, rows["borrower_id"].n_unique()) == (change.rows, change.people)
    assert sum(change.rows for change in trial.report.changes) + trial.report.same == both.height


def test_how_often_people_hear_is_counted_over_everybody(trial):
    for side in trial.report.sides:
        made = rows_of(trial.out, side.name).filter(pl.col("treatment").is_in(["contact", "human"]))
        times = made.group_by("borrower_id").len()["len"].to_list()
        assert sum(side.frequency.values()) == trial.report.people
        assert sum(n * people for n, people in side.frequency.items()) == len(made) == sum(times)
        assert side.most == max(times)


NASTY = "<img src=x onerror=alert(1)>\"'&"


def test_whatever_a_book_or_strategy_is_called_stays_text(trial, words):
    sides = tuple(replace(side, name=f"{side.name}{NASTY}") for side in trial.report.sides)
    line = Line(1, 1, "contact", NASTY, NASTY)
    story = Story(NASTY, NASTY, NASTY, tuple((side.name, (line,)) for side in sides))
    nasty = replace(trial.report, source=NASTY, sides=sides, stories=(story,), assumes=(NASTY,))

    reader = Reader(page(nasty, words))

    assert reader.wrong == []
    assert [tag for tag, _ in reader.tags if tag == "img"] == []
    assert any(NASTY in text for text in reader.words)


def test_only_html_is_taken_as_html():
    assert element("b", "<i>", Html("<i></i>"), None, title='"') == '<b title="&quot;">&lt;i&gt;<i></i></b>'


def test_a_report_without_anything_made_still_makes_a_page(trial, words, tmp_path):
    side = trial.report.newest
    quiet = replace(side, cells=side.cells.only("none"), frequency={0: side.people})
    report: Report = replace(trial.report, sides=(quiet,), changes=(), stories=(), difference=None)

    text = write_page(report, words, tmp_path / "deep" / "report.html").read_text("utf-8")

    assert Reader(text).wrong == []
    assert "No messages at all" in text
    assert "Nobody has to be called" in text


def test_the_same_report_makes_the_same_page(trial, words, of_trial):
    assert page(trial.report, words) == of_trial


LOOK = (Path(findings.__file__).parent / "look.css").read_text("utf-8")
THEMES = dict(zip(("light", "dark"), re.findall(r":root \{(.*?)\}", LOOK, re.DOTALL), strict=False))
READ_ON = [
    *(("ink", ground, 7) for ground in ("paper", "card", "mark", "attention-paper")),
    *((text, ground, 4.5) for text in ("quiet", "link") for ground in ("paper", "mark")),
    ("attention", "attention-paper", 4.5),
    *((drawn, "paper", 3) for drawn in ("first", "second", "call")),
]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("above", "below", "least"), READ_ON)
def test_colours_stand_out_enough_to_be_read(theme, above, below, least):
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", THEMES[theme]))
    low, high = sorted(luminance(colours[name]) for name in (above, below))

    assert (high + 0.05) / (low + 0.05) >= least
