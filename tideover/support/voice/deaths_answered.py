"""A death told in an answer: its case offers the one letter, to whoever told it where we know how to reach them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from tideover.book.models import Address
from tideover.book.newest import newest
from tideover.delivery.models import Answer
from tideover.support.models import FROM_ANSWER, Case
from tideover.support.voice.models import DeathTold


def note_deaths(origins: Iterable[str]) -> None:
    """What stands beside these cases where they are of a death that an answer told; once, however often it is asked."""
    of_answers = [it for it in origins if it.startswith(FROM_ANSWER)]
    cases = (
        list(Case.objects.filter(from_row__in=of_answers, kind="death", deaths=None)) if of_answers else []
    )
    if not cases:
        return
    numbers = {it.pk: int(it.from_row.removeprefix(FROM_ANSWER)) for it in cases}
    answers = Answer.objects.select_related("message").in_bulk(numbers.values())
    reach = _reach(answers)
    people = newest("borrowers", borrower_id__in={it.person_id for it in cases})
    languages = {it.borrower_id: it.language for it in people}
    told = [
        _told(case, answer, reach[answer.pk], languages.get(case.person_id) or "en")
        for case in cases
        if (answer := answers.get(numbers[case.pk]))
    ]
    DeathTold.objects.bulk_create(told, ignore_conflicts=True)  # another worker may have been first


def _told(case: Case, answer: Answer, reach: str, language: str) -> DeathTold:
    """Who has died is the person of the case: everything to her rests since it was told."""
    known = hashlib.sha256(answer.outside_id.encode()).hexdigest()[:40]
    spoken = answer.message.language if answer.message else ""
    return DeathTold(
        once=f"{case.from_row}-{known}"[:80], person_id=case.person_id, said=answer.text or "", told_by="", reach=reach,
        language=spoken or language, case=case, state="found", told_at=answer.at,
    )  # fmt: skip


def _reach(answers: Mapping[int, Answer]) -> dict[int, str]:
    """The number or mailbox that each came from, else where the message went that it answers; "" where neither is known."""
    went = {it.message.address_id for it in answers.values() if it.message}
    known = Address.objects.in_bulk(went)
    found = {}
    for pk, it in answers.items():
        address = known.get(it.message.address_id) if it.message else None
        found[pk] = it.sender or (address.value if address else "")
    return found
