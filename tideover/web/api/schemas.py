"""What is asked and answered, as OpenAPI shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Key = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=64)]
Cell = str | int | bool | None


class Strict(Schema):
    """What is asked: a field that is not known is refused, so that nothing is lost in silence."""

    model_config = ConfigDict(extra="forbid")


class RowRefused(Schema):
    """Why a row was not kept."""

    row: int
    column: str
    code: str
    says: str


class ProblemTold(Schema):
    """RFC 9457: what went wrong, and what to do."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, object]] = Field(default_factory=list)
    refused: list[RowRefused] = Field(default_factory=list)


class FactsGiven(Strict):
    """Rows of one table; each is whole: what it leaves out is unknown from now on."""

    rows: list[dict[str, object]] = Field(min_length=1, max_length=1_000)
    atomic: bool = Field(False, description="keep all rows or none")


class FactsTaken(Schema):
    """How many rows said something new, how many said what was known, and which were not kept."""

    table: str
    added: int
    unchanged: int
    refused: list[RowRefused]


class ConsentGiven(Strict):
    """What a person allowed, with the words she saw: without them nothing could be proved."""

    channel: Code = "all"
    purpose_class: Code
    text: Annotated[str, Field(min_length=3, max_length=10_000)]
    language: Annotated[str, Field(min_length=2, max_length=35)]
    shown_in: Code
    granted_at: str | None = Field(None, description="ISO 8601 with its zone; now where it is left out")


class OptOut(Strict):
    """What a person does not want any more; left out, everything she may refuse."""

    channel: Code = "all"
    purpose_class: Code = "all"
    said_at: str | None = Field(None, description="ISO 8601 with its zone; now where it is left out")


class ConsentTaken(Schema):
    """What stands now, and how many queued messages will not leave."""

    channel: str
    purpose_class: str
    granted_at: datetime | None
    withdrawn_at: datetime | None
    cancelled: int


class HoldGiven(Strict):
    """Why some contacts rest for a while."""

    kind: Code
    loan_id: Key | None = None
    from_at: str | None = None
    until_at: str | None = None


class HoldLifted(Strict):
    """As which of the client's roles."""

    as_role: Code


class HoldTaken(Schema):
    """A hold as it stands."""

    hold_id: str
    kind: str
    from_at: datetime | None
    until_at: datetime | None


class NameGiven(Strict):
    """How a person is called; kept sealed."""

    name: Annotated[str, Field(min_length=1, max_length=200)]


class Named(Schema):
    """It was kept; the name is not repeated."""

    named: bool


class AddressGiven(Strict):
    """An address of a person in one channel; kept sealed."""

    person_id: Key
    channel: Code
    value: Annotated[str, Field(min_length=3, max_length=500)]
    in_contract: bool | None = None
    verified_at: str | None = None


class AddressTaken(Schema):
    """By which key the address is named from now on."""

    contact_point_id: str


class Telling(Strict):
    """To whom a decision is told, and in which language; the person's own where none is asked for."""

    audience: Literal["staff", "borrower"] = "staff"
    language: Annotated[str, Field(max_length=35)] = ""


class DecisionsAsked(Strict):
    """From when, and from which page on."""

    since: str = ""
    cursor: str = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class NightAsked(Strict):
    """Which night, as the day in UTC on which it was decided, and from which page on."""

    day: str = ""
    cursor: str = ""
    limit: Annotated[int, Field(ge=1, le=5_000)] = 1_000


class MessagesAsked(Strict):
    """From which page on."""

    cursor: str = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class Said(Schema):
    """One part of an explanation."""

    name: str
    heading: str
    lines: list[str]


class Explained(Schema):
    """A decision told to staff or to the person."""

    audience: Literal["staff", "borrower"]
    language: str
    direction: str
    note: str
    parts: list[Said]
    closing: str


class DecisionTold(Schema):
    """Who is spoken to, about what, how and when, or left in peace, with reasons."""

    decision_id: str
    person_id: str
    at: datetime
    treatment: str
    purpose: str | None
    channel: str | None
    send_at: datetime | None
    use_by: datetime | None
    subject: str | None
    reasons: list[str]
    blocked_by: list[str]
    strategy_hash: str
    rules_hash: str
    tables_hash: str
    content_hash: str


class DecisionNow(Schema):
    """The live decision about one person, and its explanation."""

    decision: DecisionTold
    explanation: Explained


class DecisionPage(Schema):
    """Some decisions; `next` is the cursor of the rest, empty where there is none yet."""

    decisions: list[DecisionTold]
    next: str


class NightPage(Schema):
    """Some of everybody, in the order of their keys; `next` is the cursor of the rest, empty after the last page."""

    at: datetime
    decisions: list[DecisionTold]
    next: str


class MessageTold(Schema):
    """A message to a person and what became of it."""

    contact_id: str
    purpose: str
    channel: str
    subject: str
    state: str
    because: str
    send_at: datetime
    use_by: datetime
    ended_at: datetime | None
    language: str
    maybe_twice: bool
    title: str
    text: str


class MessagePage(Schema):
    """Some messages, the newest first; `next` is the cursor of older ones."""

    messages: list[MessageTold]
    next: str


class EndpointGiven(Strict):
    """Where events go, and which."""

    url: Annotated[str, Field(min_length=8, max_length=500)]
    events: list[Code] = Field(min_length=1, max_length=20)


class EndpointTold(Schema):
    """A webhook as it is set."""

    webhook_id: int
    url: str
    events: list[str]


class EndpointAdded(EndpointTold):
    """With the secret by which the receiver knows that an event is ours."""

    secret: str


class EndpointPage(Schema):
    """All webhooks of a client."""

    webhooks: list[EndpointTold]
