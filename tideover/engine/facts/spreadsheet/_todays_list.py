"""Today's decisions as a spreadsheet for the people who act on them: who, what, how, when and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import xlsxwriter

from tideover.kit.text import direction_of_language

from ._vocabulary import ListWords, vocabulary

_COLUMNS = ("who", "what", "how", "when", "why", "message")
_WIDTHS = {"who": 30, "what": 26, "how": 26, "when": 18, "why": 60, "message": 28}
_TODAY = ("contact", "human")


def write_todays_list(
    decisions: pl.DataFrame | pl.LazyFrame | Path,
    people: pl.DataFrame | Path | None,
    out: Path,
    *,
    language: str = "en",
    timezone: str = "UTC",
    words: Mapping[str, str] | None = None,
) -> Path:
    """Write an .xlsx with one sheet of what to do today and one of who is left in peace, and why.

    `people` has person_id and what is known of name, phone and email. `words` says codes of reasons and purposes in the
    language; a code it lacks is shown as it is. Every cell is text: a name that looks like a formula stays a name.
    Languages without headings of their own get English ones; right-to-left languages a right-to-left sheet.
    """
    known = vocabulary().todays_list
    said = known.get(language.split("-", maxsplit=1)[0], known["en"])
    rows = _with_people(_frame(decisions), people)
    book = xlsxwriter.Workbook(
        str(out), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    try:
        for sheet, wanted in (("today", True), ("quiet", False)):
            chosen = rows.filter(pl.col("treatment").is_in(_TODAY) == wanted)
            _write(book, said.sheets[sheet], _lines(chosen, said, words or {}, timezone), said, language)
    finally:
        book.close()
    return out


def _frame(decisions: pl.DataFrame | pl.LazyFrame | Path) -> pl.DataFrame:
    if isinstance(decisions, Path):
        return pl.read_parquet(decisions if decisions.is_file() else decisions / "**" / "*.parquet")
    return decisions.collect() if isinstance(decisions, pl.LazyFrame) else decisions


def _with_people(decisions: pl.DataFrame, people: pl.DataFrame | Path | None) -> pl.DataFrame:
    """Each decision beside the person's name and addresses; soonest first."""
    known = pl.read_parquet(people) if isinstance(people, Path) else people
    if known is None:
        known = pl.DataFrame(schema={"person_id": pl.String})
    shown = known.select("person_id", *(_text_or_none(known, name) for name in ("name", "phone", "email")))
    joined = decisions.join(shown, left_on="borrower_id", right_on="person_id", how="left")
    wanted = ("treatment", "purpose", "channel", "send_at", "reasons", "next_review_at")
    missing = [pl.lit(None).alias(name) for name in wanted if name not in joined.columns]
    return joined.with_columns(missing).sort("send_at", "borrower_id", nulls_last=True)


def _text_or_none(known: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in known.columns else pl.lit(None, dtype=pl.String).alias(name)


def _lines(
    rows: pl.DataFrame, said: ListWords, words: Mapping[str, str], timezone: str
) -> Iterator[dict[str, str]]:
    for row in rows.iter_rows(named=True):
        channel = row["channel"] or ""
        address = row["email"] if channel == "email" else row["phone"] if channel in {"sms", "call"} else None
        yield {
            "who": _joined(" · ", row["name"], row["borrower_id"]),
            "what": said.treatments.get(row["treatment"], row["treatment"]),
            "how": _joined(" · ", said.channels.get(channel, channel), address),
            "when": _local(row["send_at"] or row["next_review_at"], timezone),
            "why": "; ".join(_word(code, words) for code in (row["reasons"] or "").split(",") if code),
            "message": _word(row["purpose"] or "", words),
        }


def _joined(between: str, *texts: str | None) -> str:
    return between.join(text for text in texts if text)


def _word(code: str, words: Mapping[str, str]) -> str:
    """The code in words; a value after a colon or `=` stays beside it."""
    return words.get(code, code.replace("_", " "))


def _local(moment: object, timezone: str) -> str:
    """On the clock of the lender; a moment is a UTC timestamp or epoch seconds."""
    if isinstance(moment, int):
        moment = datetime.fromtimestamp(moment, tz=UTC)
    if not isinstance(moment, datetime):
        return ""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")


def _write(
    book: xlsxwriter.Workbook, name: str, lines: Iterator[dict[str, str]], said: ListWords, language: str
) -> None:
    sheet = book.add_worksheet(name)
    if direction_of_language(language) == "rtl":
        sheet.right_to_left()
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for place, column in enumerate(_COLUMNS):
        sheet.set_column(place, place, _WIDTHS[column])
        sheet.write_string(0, place, said.columns[column], bold)
    last = 0
    for last, line in enumerate(lines, start=1):
        for place, column in enumerate(_COLUMNS):
            sheet.write_string(last, place, line[column], text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(_COLUMNS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
