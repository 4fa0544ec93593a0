"""What can be in the way of an application; `code` finds the words of the page in her language."""

from __future__ import annotations

from tideover.kit.errors import Refused


class ApplicationRefused(Refused):
    """Something cannot be done with an application as it stands."""

    code = "not_now"


class NotThere(ApplicationRefused):
    """There is no such application of hers."""

    code = "not_there"


class NotNow(ApplicationRefused):
    """The application stands where this cannot be done."""

    code = "not_now"


class NotOffered(ApplicationRefused):
    """This product is not offered to her."""

    code = "not_offered"


class Unanswered(ApplicationRefused):
    """A question of the form has no answer yet. `step` says which."""

    code = "unanswered"

    def __init__(self, step: str) -> None:
        super().__init__(f"The question '{step}' has no answer yet.")
        self.step = step


class BadAnswer(ApplicationRefused):
    """An answer that the question does not take. `code` says what is wrong with it."""

    def __init__(self, code: str, says: str) -> None:
        super().__init__(says)
        self.code = code


class NoReason(ApplicationRefused):
    """A no has reasons, and says whose data it rests on."""

    code = "no_reason"


class SameLooker(ApplicationRefused):
    """Whoever said no does not look at it a second time, when she asks that a person looks again."""

    code = "same_looker"
