"""A lender after a night: people of five languages who are late, one message each, and somebody of another branch."""

from datetime import UTC, datetime, timedelta

from tests.people import AT, fresh_payments, late, loan, outsider, someone, together
from tests.recording import recorded
from tideover.access.sealing import blind
from tideover.book.applications.applying import answer, begin, send
from tideover.book.applications.offered import read_offered
from tideover.book.models import Address, Person
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.runs import run_nightly
from tideover.support.models import Case

NOW = datetime.fromtimestamp(AT, UTC)
NIGHT = NOW - timedelta(hours=8)
"""When the book was decided: before anybody's day began."""

PEOPLE = {
    "asha": ("bn", "BD", "Asia/Dhaka", "আশা রহমান"),
    "elina": ("lv", "LV", "Europe/Riga", "Elīna Bērziņa"),
    "mary": ("en", "GB", "Europe/London", "Mary Price"),
    "helen": ("vi", "GB", "Europe/London", "Nguyễn Linh"),
    "alice": ("fa", "GB", "Europe/London", "سارا احمدی"),
}
"""Language, country, clock and name of each; today is a good day for a message to all of them."""


def clock_at(settings, folder, at=NOW):
    """The product's clock, set by hand."""
    file = folder / "clock"
    file.write_text(at.isoformat())
    settings.CLOCK_FILE = str(file)


def a_night(*, days_late=9):
    """Everybody decided, and what was decided taken into the outbox."""
    cast = [
        late(name, days_late=days_late, country=country, zone=zone, language=language)
        for name, (language, country, zone, _) in PEOPLE.items()
    ]
    book = together(*cast, outsider("far"), fresh_payments(AT + 86_400 * 3))
    recorded(book, at=NIGHT)
    for name, (*_, called) in PEOPLE.items():
        Person.objects.filter(pk=name).update(name=called)
    Address.objects.create(
        address_id="mail", channel="email", value="a@example.org", index=blind("a@example.org")
    )
    ensure_shipped(at=NIGHT)
    run = run_nightly(at=NIGHT)
    take(at=NIGHT)
    return run


def a_message(person="joan", *, channel="email", language="en", number=1, state="queued", **about):
    """A message without a decision behind it."""
    known = {
        "contact_id": f"{person}-{channel}-{number}", "person_id": person, "purpose": "gentle_reminder",
        "purpose_class": "collection", "subject": f"{person}-loan-{number}", "channel": channel, "language": language,
        "send_at": NOW, "use_by": NOW, "due_at": NOW, "local_day": 20_000 + number, "state": state, "code": "7KQ2M4XD",
        "message_id": f"{person}{channel}{number}",
    }  # fmt: skip
    return Message.objects.create(**{**known, **about})


def a_decision(person="joan", **about):
    """A decision that a message can come from."""
    texts = (
        "strategy_hash",
        "rules_hash",
        "tables_hash",
        "content_hash",
        "engine_version",
        "policy",
        "reasons",
    )
    known = {"treatment": "contact", "channel": "email", "at": NOW, "send_at": NOW, "use_by": NOW}
    return Decision.objects.create(
        decision_id=f"{person}-decided", person_id=person, **{**dict.fromkeys(texts, "x"), **known, **about}
    )


def a_person(name="joan", branch="north", called="Joan Price"):
    """Somebody of whom nothing else is known."""
    recorded(someone(name, branch=branch), at=NOW)
    Person.objects.filter(pk=name).update(name=called)
    return Person.objects.get(pk=name)


def a_case(person="joan", *, kind="call_back", branch="north", number=1, **about):
    """Something that waits for a person."""
    known = {"due_on": NOW.date(), "opened_at": NOW, "from_row": f"answer-{kind}-{person}-{number}"}
    return Case.objects.create(kind=kind, person_id=person, branch=branch, **{**known, **about})


def an_application(person="nora"):
    """She has filled in every step and sent it."""
    recorded(someone(person), loan(person), at=NOW)
    offered = read_offered()
    made = begin(person_id=person, product="household_goods", currency="GBP", offered=offered, at=NOW)
    steps = {"amount": "1200", "purpose": "home", "income": "1800", "costs": "900", "goal": ""}
    for step, text in steps.items():
        answer(person_id=person, application_id=made.pk, step=step, text=text, offered=offered, language="en")
    return send(person_id=person, application_id=made.pk, country="GB", offered=offered, at=NOW)
