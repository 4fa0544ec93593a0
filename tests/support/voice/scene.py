"""People who have something to say, each with addresses that can be opened."""

from tests.people import AT, DAY, fresh_payments, late, outsider, together
from tests.recording import NOW, recorded
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address, Person
from tideover.strategy.releases import ensure_shipped


def a_customer(name="mary", *also, mail="", called="Mary Price", **about):
    """Late with one payment, with a mailbox of her own; and somebody of another branch."""
    book = together(late(name, **about), outsider("far"), fresh_payments(AT + 3 * DAY), *also)
    book["contact_points"] = [
        {**it, "address_id": f"{it['person_id']}-{it['channel']}"} for it in book["contact_points"]
    ]
    recorded(book, at=NOW)
    mail = mail or f"{name}@example.org"
    Address.objects.create(address_id=f"{name}-email", channel="email", value=mail, index=blind(mail))
    Person.objects.filter(pk=name).update(name=called)
    ensure_shipped(at=NOW)
    return name


def holds_of(person):
    """The kinds of hold that have no end, or end later; the latest version of each."""
    rows = FACTS["holds"].objects.filter(person_id=person).order_by("recorded_at", "id")
    latest = {it.hold_id: it for it in rows}.values()
    return sorted(it.kind for it in latest if it.until_at is None or it.until_at > NOW)
