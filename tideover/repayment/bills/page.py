"""The bill as a tagged PDF/UA in the reader's language: read aloud, in its own direction, with its code described."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tideover.delivery.channels.letter.page import typeset
from tideover.delivery.channels.letter.settings import fonts_in
from tideover.engine.message import PageWords
from tideover.kit.money import Money
from tideover.repayment.bills.bill import Bill

# Words go in as data, never as markup. The code is a figure with words of its own, so that a reader hears what it is for.
PAGE = """
#let it = json(bytes(sys.inputs.letter))
#set document(title: it.title)
#set page(paper: "a4", margin: (x: 22mm, top: 18mm, bottom: 20mm))
#set text(lang: it.lang, dir: if it.rtl { rtl } else { ltr }, size: 12pt, font: it.fonts, fallback: true)
#set par(leading: 0.75em, spacing: 1.1em)
#let side = if it.rtl { right } else { left }
#let rows(all) = table(
  columns: (1fr, 1fr), stroke: (x: none, y: 0.4pt + luma(190)), inset: (x: 0pt, y: 7pt), align: side,
  ..for row in all { (text(fill: luma(70), row.at(0)), text(weight: "bold", row.at(1))) })
#text(size: 10pt, it.sender)
#v(8mm)
#heading(level: 1, outlined: false, text(size: 16pt, it.title))
#v(2mm)
#text(size: 28pt, weight: "bold", it.amount)
#par(it.when)
#for line in it.notes { par(line) }
#heading(level: 2, outlined: false, text(size: 13pt, it.about))
#rows(it.facts)
#if it.lines.len() > 0 [
  #heading(level: 2, outlined: false, text(size: 13pt, it.how))
  #if it.qr != "" { align(side, image(bytes(it.qr), format: "svg", width: 45mm, alt: it.qr_says)) }
  #rows(it.lines)
]
#for line in it.closing { par(line) }
"""


def pdf_of(bill: Bill, words: PageWords, *, sender: str, phone: str) -> bytes:
    """The page. Raises Rejected, where a script has no letter shapes here."""
    told = {
        "title": words.say("bills.pdf.title", number=bill.step.number, count=bill.count),
        "sender": sender,
        "amount": words.say("bills.pdf.paid") if bill.is_paid else _amount(bill.amount, words),
        "when": words.say("bills.pdf.was_due" if bill.is_paid else "bills.pdf.due", on=bill.step.due_on),
        "notes": list(_notes(bill, words)),
        "about": words.say("bills.pdf.about"),
        "facts": list(_facts(bill, words)),
        "how": words.say("bills.pdf.how"),
        "lines": [] if bill.is_paid else list(_lines(bill, words)),
        "qr": bill.qr,
        "qr_says": words.say("bills.pdf.code", amount=bill.amount),
        "closing": list(_closing(bill, words, phone)),
        "lang": words.tag,
        "rtl": words.direction == "rtl",
    }
    return typeset(PAGE, told, fonts_in(os.environ))


def _notes(bill: Bill, words: PageWords) -> Iterator[str]:
    if bill.step.paid and not bill.is_paid:
        yield words.say("bills.pdf.partly", amount=bill.loan.money(bill.step.paid))
    if bill.also_open.minor:
        yield words.say("bills.pdf.also_open", amount=bill.also_open)


def _facts(bill: Bill, words: PageWords) -> Iterator[tuple[str, str]]:
    step = bill.step
    amounts = {"principal": step.principal, "interest": step.interest, "fees": step.fees}
    for name, minor in amounts.items():
        if minor or name == "principal":
            yield words.say(f"bills.pdf.{name}"), _amount(bill.loan.money(minor), words)
    yield (
        words.say("bills.pdf.left_after"),
        _amount(bill.loan.money(max(bill.loan.left - step.left, 0)), words),
    )


def _lines(bill: Bill, words: PageWords) -> Iterator[tuple[str, str]]:
    """What is copied stays in the digits and the order in which it is typed; the amount is shown as she reads it."""
    for it in bill.lines:
        if words.has(f"bills.line.{it.key}"):
            shown = (
                _amount(bill.amount, words)
                if it.key == "amount"
                else words.shown.fenced(it.shown or it.value)
            )
            yield words.say(f"bills.line.{it.key}"), shown
    if not any(it.key in ("reference", "bill_id") for it in bill.lines):
        yield words.say("bills.line.reference"), words.shown.fenced(bill.reference)


def _closing(bill: Bill, words: PageWords, phone: str) -> Iterator[str]:
    if not bill.is_paid:
        yield words.say("bills.pdf.not_that_day")
    if phone:
        yield words.say("bills.pdf.person", phone=phone)


def _amount(money: Money, words: PageWords) -> str:
    return words.shown.amount(money.minor, money.currency)
