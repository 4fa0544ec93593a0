"""What was lent to whom, what falls due, what was paid."""

from ._shape import Column, Kind, Table, key, link

_MINOR = "minor units of the loan's currency"

LOANS = (
    Table(
        "loans",
        "A loan, card or other credit",
        ("loan_id",),
        (
            key("loan_id", "The loan"),
            key("borrower_id", "Its main borrower", of="borrowers"),
            Column("product", Kind.CODE, "The lender's product", ""),
            Column(
                "kind",
                Kind.CODE,
                "How it is repaid",
                "",
                codes=("instalment", "revolving", "microfinance", "once"),
            ),
            Column("purpose", Kind.CODE, "What the money is for", ""),
            Column("currency", Kind.CODE, "Currency of every amount of this loan", "ISO 4217", required=True),
            Column("principal", Kind.MONEY, "Amount lent, or limit of a card", _MINOR),
            Column(
                "annual_rate_ppm", Kind.RATE, "Nominal interest a year", "parts per million", negative=True
            ),
            Column(
                "frequency", Kind.CODE, "How often an instalment falls due: daily, weekly, monthly ...", ""
            ),
            Column("disbursed_on", Kind.DAY, "Day the money was paid out", "date"),
            Column("closed_on", Kind.DAY, "Day the loan ended", "date", ends=True),
            Column("limitation_on", Kind.DAY, "Day from which it can no longer be claimed in court", "date"),
        ),
        required=True,
        cost_if_missing="without loans there is nothing to decide about",
        person="borrower_id",
        in_order=(("disbursed_on", "closed_on"),),
        steady=("currency",),
    ),
    Table(
        "parties",
        "Who else stands in a loan, and what they may be told",
        ("loan_id", "person_id", "role"),
        (
            key("loan_id", "The loan", of="loans"),
            key("person_id", "The person", of="borrowers"),
            Column(
                "role",
                Kind.CODE,
                "As what",
                "",
                required=True,
                codes=(
                    "borrower",
                    "co_borrower",
                    "guarantor",
                    "group_member",
                    "payer",
                    "representative",
                    "executor",
                ),
            ),
            # Whoever is not known to be allowed to hear anything, hears nothing.
            Column(
                "may_be_told",
                Kind.CODE,
                "What the person may hear about the loan",
                "",
                required=True,
                codes=("all", "own_part", "nothing"),
                otherwise="nothing",
            ),
            Column("from_at", Kind.MOMENT, "From when", "UTC"),
            Column("until_at", Kind.MOMENT, "Until when", "UTC", ends=True),
        ),
        cost_if_missing="only the main borrower of a loan is known; no guarantor or co-borrower can be told",
        in_order=(("from_at", "until_at"),),
    ),
    Table(
        "instalments",
        "One payment of a schedule: when it falls due, how much, and how much of it is paid",
        ("loan_id", "number"),
        (
            key("loan_id", "The loan", of="loans"),
            Column("number", Kind.COUNT, "Position in the schedule", "1, 2, 3 ...", required=True),
            Column("due_on", Kind.DAY, "Day it falls due", "date", required=True),
            Column("principal", Kind.MONEY, "Part that repays the loan", _MINOR, required=True),
            Column("interest", Kind.MONEY, "Part that is interest", _MINOR, required=True, otherwise=0),
            Column("fees", Kind.MONEY, "Part that is fees and charges", _MINOR, required=True, otherwise=0),
            # No stand-in: an unknown payment read as 0 would ask someone who has paid to pay.
            Column("paid", Kind.MONEY, "Payments allocated to it so far", _MINOR, required=True),
            Column("settled_on", Kind.DAY, "Day it became fully paid", "date", ends=True),
        ),
        cost_if_missing="needed, unless standings are given",
        greater_first=("paid",),
    ),
    Table(
        "standings",
        "How a loan stood on a day, where no schedule is known: cards and month-end files",
        ("loan_id", "on"),
        (
            key("loan_id", "The loan", of="loans"),
            Column("on", Kind.DAY, "The day", "date", required=True),
            Column("days_late_from", Kind.COUNT, "Days late, at least", "days; 0 when not late"),
            Column("days_late_to", Kind.COUNT, "Days late, at most", "days"),
            Column("overdue", Kind.MONEY, "Amount that should have been paid by then and was not", _MINOR),
            Column(
                "balance", Kind.MONEY, "What is owed in all; below zero when overpaid", _MINOR, negative=True
            ),
        ),
        cost_if_missing="needed, unless instalments are given",
    ),
    Table(
        "payments",
        "Money that came in, or is on its way",
        ("payment_id",),
        (
            key("payment_id", "The payment"),
            key("loan_id", "The loan it pays", of="loans"),
            Column("paid_at", Kind.MOMENT, "When the person paid", "UTC", required=True),
            Column("amount", Kind.MONEY, "How much", _MINOR, required=True),
            Column("way", Kind.CODE, "How: transfer, debit, cash, card ...", ""),
            Column(
                "state_at",
                Kind.MOMENT,
                "When the money was confirmed; NULL while on its way",
                "UTC",
                ends=True,
            ),
            Column("reversed_at", Kind.MOMENT, "When it was taken back", "UTC", ends=True),
        ),
        cost_if_missing="how and when people like to pay is not known, and payments cannot be reconciled",
        in_order=(("paid_at", "reversed_at"),),
    ),
    Table(
        "plans",
        "An agreed change of a loan's schedule: smaller for a while, a pause, a split",
        ("plan_id",),
        (
            key("plan_id", "The plan"),
            key("loan_id", "The loan", of="loans"),
            Column("kind", Kind.CODE, "What kind of change", ""),
            Column("from_on", Kind.DAY, "First day", "date"),
            # A term of the plan, known when it is agreed, and no event: it stays visible before its day.
            Column("until_on", Kind.DAY, "Last day as agreed", "date"),
            Column("ended_at", Kind.MOMENT, "When it really ended", "UTC", ends=True),
            Column(
                "end",
                Kind.CODE,
                "How it ended",
                "",
                codes=("kept", "broken", "replaced", "withdrawn"),
                told_by="ended_at",
            ),
        ),
        cost_if_missing="nobody is known to be on a plan: overdue amounts count in full",
        in_order=(("from_on", "until_on"),),
    ),
    Table(
        "promises",
        "A day and an amount a person chose for paying",
        ("promise_id",),
        (
            key("promise_id", "The promise"),
            key("loan_id", "The loan", of="loans"),
            link("person_id", "Who promised", "borrowers"),
            Column("amount", Kind.MONEY, "How much", _MINOR),
            Column("on", Kind.DAY, "The chosen day", "date", required=True),
            Column("made_at", Kind.MOMENT, "When it was made", "UTC", required=True),
            Column("origin", Kind.CODE, "By the person alone or with an agent", "", codes=("self", "agent")),
            Column(
                "kept_amount", Kind.MONEY, "How much of it was paid when it ended", _MINOR, told_by="ended_at"
            ),
            Column("ended_at", Kind.MOMENT, "When it ended", "UTC", ends=True),
            Column(
                "end",
                Kind.CODE,
                "How it ended",
                "",
                codes=("kept", "broken", "replaced", "withdrawn"),
                told_by="ended_at",
            ),
        ),
        cost_if_missing="promises are not known: reminders do not rest until the chosen day",
        person="person_id",
        in_order=(("made_at", "ended_at"),),
    ),
    Table(
        "lateness_reasons",
        "Why a payment is late, as the person said",
        ("person_id", "loan_id", "need", "told_at"),
        (
            key("person_id", "Who said it", of="borrowers"),
            key("loan_id", "About which loan; empty when all", of="loans", otherwise=""),
            Column("need", Kind.CODE, "The reason; rather_not_say is one", "", required=True),
            Column("told_at", Kind.MOMENT, "When", "UTC", required=True),
            Column("via", Kind.CODE, "Channel it was told in", ""),
        ),
        cost_if_missing="help cannot fit the reason a payment is late",
        person="person_id",
    ),
)
