"""Why a message did not leave, or not yet, in a sentence for staff."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tideover.strategy.telling import words

SAYS: Mapping[str, str] = MappingProxyType(
    {
        "too_late": "Its time of use had passed.",
        "no_longer_useful": "The strategy would not say it any more: something changed since it was decided.",
        "no_release": "No strategy that is live applies to this person.",
        "no_moment_before_use_by": "No allowed moment came in time.",
        "not_at_this_hour": "It waits for an hour at which it may be sent.",
        "person_unknown": "Nobody of that key is known.",
        "guard_error": "The guards could not answer, and in doubt nothing leaves.",
        "too_long": "It would have been far longer than any message may be.",
        "no_registered_template": "No text is registered with the networks for this in her language.",
        "registered_unreadable": "registered.yaml cannot be read; `tideover check` says where.",
        "not_as_registered": "The text is none of those registered with the networks.",
        "workers_died": "Three workers ended over this message, so no further one is risked.",
        "no_address": "There is no working address in this channel.",
        "taken_back": "The person took back what this would have confirmed.",
        "opted_out": "The person asked us to stop.",
        "danger": "Somebody may be in danger; a person looks first.",
        "bereavement": "A death was told; everything rests.",
        "wrong_number": "The address belongs to somebody else.",
        "stopped": "The stop button was pressed.",
        "facts_changed": "Something was written about the person meanwhile; it is looked at again.",
        "release_changed": "Another strategy went live meanwhile, or one was taken back; it is looked at again.",
        "clock_behind": "More is written about the person than the clock can know of yet; it is looked at again.",
        "shared_number": "Somebody with the same number is just being written to; it is looked at again.",
        "time_passed": "Time passed on the way to the provider; it is looked at again.",
        "unreachable": "The provider could not be reached; it is tried again.",
        "sent_before_restore": "It left before a backup was restored; it is not sent again.",
        "worker_lost": "The worker that sent it ended before the answer came.",
        "toolate": "The provider took it too late.",
        "unknown": "The provider's reply was lost.",
    }
)


def says(code: str, hidden: frozenset[str] = frozenset()) -> str:
    """A code of the guards, a reason, a rule or a sentence, as staff read it; `hidden` ones by their neutral stand-in."""
    known = words()
    if " " not in code:
        code = code.partition("@")[0]  # the first of several; its channel stands beside it
    if code in hidden and code in known.lists.reasons:
        code = known.lists.reasons[code].instead
    if not code:
        return ""
    if code in SAYS:
        return SAYS[code]
    if code in known.lists.reasons:
        return known.lists.reasons[code].says
    if code in known.rules:
        return known.rules[code].written.says
    if code.startswith("busy_"):
        return "The provider is busy; it is tried again."
    return code.replace("_", " ")
