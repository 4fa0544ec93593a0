"""What a member of staff writes to a person about a case: shown first, then decided at the one gate like everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db import transaction

from tideover.access.actors import staff_actor
from tideover.access.allowed import require
from tideover.access.audit import Plain, note
from tideover.access.models import Staff
from tideover.access.roles import Power
from tideover.access.sealing import sealed_text
from tideover.book.newest import newest_one
from tideover.delivery.models import Answer, Message
from tideover.delivery.progress import in_words
from tideover.delivery.shown import Shown, shown
from tideover.engine.message import Reply, in_language, read_replies, unkind
from tideover.kit.cards import cover_cards
from tideover.kit.errors import Refused
from tideover.strategy.gate import Asked, Foreseen, consider_all, foresee
from tideover.strategy.models import Decision
from tideover.strategy.telling import secret_codes, words
from tideover.support.actions import NotPossible, NotYours
from tideover.support.models import Case
from tideover.support.voice.spoken_for import KIND as FOR_ADVISER

OCCASION, BECAUSE = "reply", "you_asked_for_it"
MOST = 4_000
"""Characters of a reply."""


class NothingWritten(Refused):
    """An empty reply is not sent."""


class TooLong(Refused):
    """Nobody reads that much in one message."""


class SpokenFor(Refused):
    """Somebody speaks for her; this is said to them."""


class Forbidden(Refused):
    """A hold, a rule or a wish forbids it."""


@dataclass(frozen=True)
class Draft:
    """A reply before it is sent: the text as it is kept, what she would read, and what the gate says of it."""

    text: str
    is_covered: bool
    unkind: tuple[str, ...]
    foreseen: Foreseen
    shown: Shown | None


def draft(*, case: Case, text: str, by: Staff, at: datetime) -> Draft:
    """The reply as it would leave, or what forbids it; nothing is written down. Raises NotAllowed, NotYours, NothingWritten, TooLong."""
    found = _open_for(case, by)
    kept = _written(text)
    asked = _asked(found, kept, by)
    foreseen = foresee(asked, occasion=OCCASION, at=at)
    if foreseen.forbidden_by and asked.channel:
        asked = replace(asked, channel=None)
        foreseen = foresee(asked, occasion=OCCASION, at=at)
    told = _as_read(asked, foreseen, at) if foreseen.channel else None
    known = words()
    said = unkind(kept, known.languages[known.tag(language_of(found.person_id))])
    return Draft(kept, kept != text.strip(), tuple(said), foreseen, told)


@transaction.atomic
def reply(*, case: Case, text: str, key: str, by: Staff, at: datetime) -> Decision:
    """Let the reply go; the same key is the same reply.

    Raises NotAllowed, NotYours, SpokenFor, NothingWritten, TooLong, Forbidden.
    """
    found = _open_for(case, by)
    asked = replace(_asked(found, _written(text), by), key=f"reply-{found.pk}-{key[:40]}")
    if sent := Decision.objects.filter(decision_id__startswith=f"{asked.key}.").first():
        return sent
    for channel in dict.fromkeys((asked.channel, None)):
        made = consider_all([replace(asked, channel=channel)], occasion=OCCASION, at=at, because=BECAUSE)[
            found.person_id
        ]
        if made.decision is not None:
            detail: dict[str, Plain] = {"channel": made.decision.channel}
            note(action="reply_written", by=staff_actor(by), at=at, about=f"case:{found.pk}", detail=detail)
            return made.decision
    raise Forbidden(f"{in_words(made.forbidden_by, secret_codes(by))} Find another way.")


def starting_texts(person_id: str) -> Mapping[str, tuple[str, str]]:
    """Texts to start from: what staff call them, and the text in the person's language."""
    known = _replies()
    texts = in_language(known, language_of(person_id))
    return {code: (it.says, texts[code]) for code, it in known.items()}


@lru_cache(maxsize=1)
def _replies() -> Mapping[str, Reply]:
    return read_replies(settings.CONTENT)


def language_of(person_id: str) -> str:
    """The language we know a person to read."""
    return _known(person_id)[0]


def _known(person_id: str) -> tuple[str, str]:
    """Her language, and who looks after her."""
    row = newest_one("borrowers", borrower_id=person_id)
    return (row.language or "", row.officer_name or "") if row else ("", "")


def _open_for(case: Case, by: Staff) -> Case:
    require(by, Power.ANSWER)
    found = Case.objects.visible_to(by).filter(pk=case.pk).first()
    if found is None:
        raise NotYours("This case is of another branch.")
    if found.state == "closed":
        raise NotPossible("The case is closed already.")
    if found.is_with_another_than(by):
        raise NotYours("Somebody else sees to this case. Ask them, or let them give it back.")
    if found.kind == FOR_ADVISER:
        raise SpokenFor("Somebody speaks for her. Call or write to them; she is not written to about this.")
    return found


def _written(text: str) -> str:
    """What is kept: card numbers covered, before anything of it is."""
    kept = cover_cards(text.strip())
    if not kept:
        raise NothingWritten("Write something before you look at it.")
    if len(kept) > MOST:
        raise TooLong(f"It has {len(kept):,} signs; {MOST:,} are the most. Say it in fewer words, or call.")
    return kept


def _asked(case: Case, text: str, by: Staff) -> Asked:
    """About the case's subject, by the channel in which she wrote; signed by name only by whom she knows."""
    values = {"answer": sealed_text(text)}
    if by.name.strip() and by.name.strip().casefold() == _known(case.person_id)[1].strip().casefold():
        values["written_by"] = by.name.strip()
    return Asked(case.person_id, case.subject, _her_channel(case), values)


def _her_channel(case: Case) -> str | None:
    """By which she last wrote; None leaves it to the gate."""
    by_message = words().lists.channels_for("message")
    last = (
        Answer.objects.filter(person_id=case.person_id, channel__in=by_message).order_by("-at", "-pk").first()
    )
    return last.channel if last else None


def _as_read(asked: Asked, foreseen: Foreseen, at: datetime) -> Shown:
    """The words as she would read them: of a message that is kept nowhere."""
    return shown(
        Message(
            contact_id="draft", person_id=asked.person_id, purpose=OCCASION, purpose_class="answer", subject=asked.subject,
            channel=foreseen.channel, send_at=foreseen.send_at or at, use_by=foreseen.use_by or at, due_at=at,
            local_day=int(at.timestamp()) // 86_400, state="queued", occasion={"values": dict(asked.values)},
            language=language_of(asked.person_id), code="DRAFT",
        ),
        at,
    )  # fmt: skip
