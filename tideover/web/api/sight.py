"""Whom a client may see, and whose a row is: what is not theirs looks as if it did not exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tideover.book.models import FACTS, Address, Person
from tideover.delivery.privacy.journal import was_erased
from tideover.engine.facts import TABLES
from tideover.web.api.models import Client
from tideover.web.api.problems import not_found
from tideover.web.api.reading import is_clean
from tideover.web.api.rows import Good, Refusal
from tideover.web.api.values import Value

NOBODYS = frozenset({"lender", "feeds"})
CHUNK = 500


def person_seen(client: Client, person_id: str) -> Person:
    """The person, if this client sees her. Raises Problem, the same for strangers and for nobody."""
    if not is_clean(person_id):
        raise not_found()
    seen = Person.objects.in_branches(client.visible_branches).filter(pk=person_id[:201]).first()
    if seen is None:
        raise not_found("There is no person of that key whom you may see.")
    return seen


def seen_among(client: Client, people: Iterable[object]) -> set[str]:
    """Of these people, those whom the client sees."""
    asked, found = sorted({str(it) for it in people if it}), set[str]()
    for start in range(0, len(asked), CHUNK):
        rows = Person.objects.in_branches(client.visible_branches).filter(pk__in=asked[start : start + CHUNK])
        found.update(rows.values_list("person_id", flat=True))
    return found


def not_theirs(client: Client, table: str, good: Good) -> list[Refusal]:
    """Rows about people whom the client does not see, or that would change a row of such a person's."""
    if table in NOBODYS:
        return _for_all(client, good)
    if table == "borrowers":
        return _people(client, good)
    return [
        *_astray(client, table, good),
        *_anothers(client, table, good),
        *_reached_elsewhere(client, table, good),
    ]


def _for_all(client: Client, good: Good) -> list[Refusal]:
    if client.sees_every_branch:
        return []
    return [
        Refusal(it, "", "not_yours", "This table is about all; the key must see every branch.") for it in good
    ]


def _people(client: Client, good: Good) -> list[Refusal]:
    keys = {str(row["borrower_id"]) for row in good.values()}
    known = set(Person.objects.filter(pk__in=keys).values_list("person_id", flat=True))
    seen, erased, branches = seen_among(client, known), was_erased(keys - known), client.visible_branches
    refused = []
    for place, row in good.items():
        key = str(row["borrower_id"])
        if key in erased:
            says = "This person was erased; whoever is here again gets a new key."
            refused.append(Refusal(place, "borrower_id", "erased", says))
        elif key in known - seen:
            refused.append(Refusal(place, "borrower_id", "not_yours", "This key is not yours to use."))
        elif branches is not None and str(row.get("branch") or "") not in branches:
            refused.append(Refusal(place, "branch", "not_yours", "The branch is none of those of this key."))
    return refused


def _astray(client: Client, table: str, good: Good) -> list[Refusal]:
    """Rows that name a person, loan or contact that is not known, or not theirs."""
    refused = []
    for column in TABLES[table].columns:
        if not column.names_row_of:
            continue
        named = {row[column.name] for row in good.values() if row.get(column.name)}
        owners = _owners(column.names_row_of, named)
        seen = seen_among(client, {it for people in owners.values() for it in people})
        fine = {key for key, people in owners.items() if people and people <= seen}
        says = f"No such row of '{column.names_row_of}' is known; tell that one first."
        refused += [
            Refusal(place, column.name, "orphan", says)
            for place, row in good.items()
            if row.get(column.name) and row[column.name] not in fine
        ]
    return refused


def _anothers(client: Client, table: str, good: Good) -> list[Refusal]:
    """Rows whose key belongs to somebody whom the client does not see."""
    first = TABLES[table].key[0]
    if TABLES[table].column(first).names_row_of:
        return []  # the key begins with a person, loan or contact, which was looked at already
    owners = _owners(table, {row[first] for row in good.values()})
    seen = seen_among(client, {it for people in owners.values() for it in people})
    return [
        Refusal(place, first, "not_yours", "This key is not yours to use.")
        for place, row in good.items()
        if not owners.get(row[first], set()) <= seen
    ]


def _reached_elsewhere(client: Client, table: str, good: Good) -> list[Refusal]:
    """Rows that would tie somebody to an address that is known, and with nobody whom the client sees."""
    named = {row["address_id"] for row in good.values() if row.get("address_id")}
    if table != "contact_points" or client.sees_every_branch or not named:
        return []
    points = (
        FACTS["contact_points"].objects.filter(address_id__in=named).values_list("address_id", "person_id")
    )
    owners = {it: set[str]() for it in Address.objects.filter(pk__in=named).values_list("pk", flat=True)}
    for address, who in points:
        owners.setdefault(address, set()).add(who)
    seen = seen_among(client, {it for people in owners.values() for it in people})
    return [
        Refusal(place, "address_id", "not_yours", "This key is not yours to use.")
        for place, row in good.items()
        if (whose := owners.get(str(row.get("address_id")))) is not None and not whose & seen
    ]


def _owners(table: str, keys: Iterable[Value]) -> Mapping[Value, set[str]]:
    """Whose the rows of these first keys are; people are their own, rows of a loan its borrower's."""
    asked = list(keys)
    if table == "borrowers":
        return {
            it: {str(it)} for it in Person.objects.filter(pk__in=asked).values_list("person_id", flat=True)
        }
    spec, first = TABLES[table], TABLES[table].key[0]
    person = spec.person or first
    by = next(it for it in ("loan_id", "contact_id", first) if it in spec.names)
    rows = list(FACTS[table].objects.filter(**{f"{first}__in": asked}).values_list(first, person, by))
    found: dict[Value, set[str]] = {}
    beside = {value for _, who, value in rows if value and (not spec.person or not who)}
    others = _owners("contacts" if by == "contact_id" else "loans", beside) if beside else {}
    for key, who, value in rows:
        own = {str(who)} if spec.person and who else others.get(value, set())
        found.setdefault(key, set()).update(own)
    return found
