"""What a client may do: one table. A scope without a sentence fails the build."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Scope(StrEnum):
    """One thing that a client may do."""

    WRITE_FACTS = "facts:write"
    WRITE_CONSENTS = "consents:write"
    WRITE_HOLDS = "holds:write"
    WRITE_ADDRESSES = "addresses:write"
    READ_DECISIONS = "decisions:read"
    READ_RESTRICTED = "decisions:restricted"
    READ_MESSAGES = "messages:read"
    MANAGE_WEBHOOKS = "webhooks:manage"


SAYS: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.WRITE_FACTS: "Tell facts: people, loans, payments and whatever else the contract names.",
        Scope.WRITE_CONSENTS: "Tell what a person allowed or took back.",
        Scope.WRITE_HOLDS: "Put a person or a loan at rest, and lift that where the client's roles may.",
        Scope.WRITE_ADDRESSES: "Tell names and addresses of people.",
        Scope.READ_DECISIONS: "Read decisions and ask for one now, with reasons that may be told to the person.",
        Scope.READ_RESTRICTED: "Read also reasons that may not be told: fraud, another party's secret.",
        Scope.READ_MESSAGES: "Read what was sent to a person, and hear what came back.",
        Scope.MANAGE_WEBHOOKS: "Say where events are sent.",
    }
)
