"""The cast: small books as plain rows, named by the part a person plays.

A book here is a dict of tables, each a list of rows in engine units (days since 1970, seconds since 1970 UTC, money
in minor units). Every builder returns the rows of one person; `together` joins them.
"""

from datetime import UTC, date, datetime

from tideover.engine.facts import TABLES
from tideover.kit.ids import seed_of

DAY = 86_400
HOUR = 3_600
AT = int(datetime(2026, 11, 25, 10, 0, tzinfo=UTC).timestamp())
"""A quiet Wednesday, ten in the morning in London."""

TODAY = AT // DAY
EARLIER = AT - 500 * DAY
CHANNELS = ("app", "push", "email", "sms", "letter", "call", "visit")

Rows = dict[str, list[dict]]


def day(text):
    """The day number of an ISO date."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def moment(text):
    """The epoch second of an ISO time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def row(table, **known):
    """A row of the contract; what is not given is unknown, and all was recorded long ago."""
    names = TABLES[table].names
    strange = set(known) - set(names)
    if strange:
        raise KeyError(f"{table} has no {', '.join(sorted(strange))}")
    return {**dict.fromkeys(names), "recorded_at": EARLIER, **known}


def together(*books) -> Rows:
    """One book of several."""
    made: Rows = {}
    for book in books:
        for table, rows in book.items():
            made.setdefault(table, []).extend(rows)
    return made


def fresh_payments(at=AT) -> Rows:
    """The payments feed is up to date."""
    return {"feeds": [row("feeds", name="payments", fresh_until=at)]}


def someone(name, **about) -> Rows:
    """A person and nothing more; in London unless said otherwise."""
    known = {"language": "en", "country": "GB", "timezone": "Europe/London", "branch": "north", **about}
    return {"borrowers": [row("borrowers", borrower_id=name, seed=seed_of(name), **known)]}


def reachable(name, *channels, in_contract=True) -> Rows:
    """Working addresses, in every channel unless some are named."""
    points = [
        row(
            "contact_points", contact_point_id=f"{name}-{channel}", person_id=name, channel=channel, state="ok",
            in_contract=in_contract,
        )
        for channel in channels or CHANNELS
    ]  # fmt: skip
    return {"contact_points": points}


def consents(name, *classes, channel="all", granted_at=EARLIER, withdrawn_at=None) -> Rows:
    """What the person allowed, or took back."""
    given = {"granted_at": granted_at, "withdrawn_at": withdrawn_at}
    return {
        "consents": [
            row("consents", person_id=name, channel=channel, purpose_class=one, **given) for one in classes
        ]
    }


def prefers(name, **wishes) -> Rows:
    """Wishes by name."""
    said = [row("preferences", person_id=name, name=wish, value=value) for wish, value in wishes.items()]
    return {"preferences": said}


def held(name, kind, *, loan=None, from_at=EARLIER, until_at=None) -> Rows:
    """A hold on the person, or on a loan."""
    hold = {"person_id": name, "loan_id": loan, "kind": kind, "from_at": from_at, "until_at": until_at}
    return {"holds": [row("holds", hold_id=f"{name}-{kind}-{loan}", **hold)]}


def told(name, purpose, *, send_at, channel="email", subject="", state="accepted", about=()) -> Rows:
    """A contact we made or queued."""
    id_ = f"{name}-{purpose}-{channel}-{send_at}"
    contact = {"person_id": name, "channel": channel, "purpose": purpose, "subject": subject, "state": state}
    topics = [row("contact_topics", contact_id=id_, loan_id=loan) for loan in about]
    return {
        "contacts": [row("contacts", contact_id=id_, send_at=send_at, **contact)],
        "contact_topics": topics,
    }


def talked(name, *, at, outcome="talked") -> Rows:
    """A talk with the person."""
    return {
        "conversations": [
            row("conversations", conversation_id=f"{name}-{at}", person_id=name, at=at, outcome=outcome)
        ]
    }


def loan(name, *, number=1, kind="instalment", disbursed_on=TODAY - 200, **about) -> Rows:
    """A loan of a thousand pounds."""
    known = {"product": "personal", "currency": "GBP", "principal": 100_000, "frequency": "monthly", **about}
    id_ = f"{name}-loan-{number}"
    return {
        "loans": [row("loans", loan_id=id_, borrower_id=name, kind=kind, disbursed_on=disbursed_on, **known)]
    }


def schedule(name, due_days, *, number=1, lags=(), amount=10_000) -> Rows:
    """Instalments on those days. `lags`: for each the days until it was paid, None while it is open."""
    made = []
    for place, due_on in enumerate(due_days, 1):
        lag = lags[place - 1] if place <= len(lags) else None
        paid = {"paid": 0} if lag is None else {"paid": amount, "settled_on": due_on + lag}
        money = {"principal": amount, "interest": 0, "fees": 0, **paid}
        made.append(row("instalments", loan_id=f"{name}-loan-{number}", number=place, due_on=due_on, **money))
    return {"instalments": made}


# --- the cast


def spotless_with_a_first_slip(name="spotless", days_late=3) -> Rows:
    """Always paid on the day, until this month."""
    days = [TODAY - days_late - 30 * n for n in (5, 4, 3, 2, 1, 0)] + [TODAY - days_late + 30]
    return together(someone(name), reachable(name), loan(name), schedule(name, days, lags=[0, -1, 0, -2, 0]))


def often_late(name="often-late", days_to_due=4) -> Rows:
    """Pays, but late more often than not; the next payment is near."""
    days = [TODAY + days_to_due - 30 * n for n in (5, 4, 3, 2, 1, 0)]
    return together(someone(name), reachable(name), loan(name), schedule(name, days, lags=[9, 0, 12, 8, 15]))


def reliable(name="reliable", days_to_due=2) -> Rows:
    """Has always paid before the day."""
    days = [TODAY + days_to_due - 30 * n for n in (5, 4, 3, 2, 1, 0)]
    return together(
        someone(name), reachable(name), loan(name), schedule(name, days, lags=[-1, -2, 0, -1, -3])
    )


def late(name="late", days_late=9, country="GB", zone="Europe/London", language="en", number=1) -> Rows:
    """Neither spotless nor often late; one payment is open."""
    days = [TODAY - days_late - 30 * n for n in (5, 4, 3, 2, 1, 0)] + [TODAY - days_late + 30]
    return together(
        someone(name, country=country, timezone=zone, language=language),
        reachable(name),
        loan(name, number=number, disbursed_on=days[0] - 30),
        schedule(name, days, number=number, lags=[0, 5, 0, 0, 0]),
    )


def without_consent(name="without-consent") -> Rows:
    """Late, and took back every consent."""
    taken_back = consents(name, "all", withdrawn_at=AT - 40 * DAY)
    return together(late(name), taken_back)


def right_to_left_with_a_screen_reader(name="right-to-left") -> Rows:
    """Reads Persian, has pages read aloud, wants no calls."""
    wishes = prefers(name, voice="yes", no_calls="yes")
    return together(late(name, country="IR", zone="Asia/Tehran", language="fa"), wishes)


def in_difficulty(name="in-difficulty", days_late=30) -> Rows:
    """Told us that money is short."""
    return together(late(name, days_late), held(name, "hardship", from_at=AT - 10 * DAY))


def guarantor_of(borrower, name="guarantor", *, role="guarantor", may_be_told="all", number=1) -> Rows:
    """Stands in somebody else's loan."""
    party = row(
        "parties", loan_id=f"{borrower}-loan-{number}", person_id=name, role=role, may_be_told=may_be_told
    )
    return together(someone(name), reachable(name), {"parties": [party]})


def outsider(name="outsider") -> Rows:
    """A customer of another branch, late as well, who must change nothing for anybody."""
    days = [TODAY - 20, TODAY + 10]
    abroad = someone(name, country="US", timezone="America/New_York", branch="south", team="south")
    return together(abroad, reachable(name), loan(name), schedule(name, days))


def applicant(name="applicant", step="documents_missing", hours_ago=30) -> Rows:
    """Waits for news about an application."""
    steps = [("received", 240), (step, hours_ago)]
    news = [
        row(
            "milestones",
            application_id=f"{name}-asks",
            person_id=name,
            product="personal",
            step=one,
            at=AT - hours * HOUR,
        )
        for one, hours in steps
    ]
    return together(someone(name), reachable(name), {"milestones": news})


def card_holder(name="card-holder", months_late=2) -> Rows:
    """A card, of which only month-end standings are known."""
    standings = [
        row("standings", loan_id=f"{name}-loan-1", on=TODAY - 25 - 30 * n, days_late_from=30 * max(0, months_late - n),
            overdue=5_000 * max(0, months_late - n), balance=80_000)
        for n in range(8)
    ]  # fmt: skip
    return together(someone(name), reachable(name), loan(name, kind="revolving"), {"standings": standings})


def promised(name="promised", days_ahead=1, made_hours_ago=50) -> Rows:
    """Chose a day to pay."""
    chosen = {
        "on": TODAY + days_ahead,
        "made_at": AT - made_hours_ago * HOUR,
        "amount": 10_000,
        "origin": "self",
    }
    return together(
        late(name),
        {"promises": [row("promises", promise_id=name, loan_id=f"{name}-loan-1", person_id=name, **chosen)]},
    )
