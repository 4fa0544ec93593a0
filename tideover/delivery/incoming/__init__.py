"""What comes back, read by pure functions: bounces, receipts, and the words people answer with."""

from tideover.delivery.incoming.mails import Came, Failed, read_mail
from tideover.delivery.incoming.received import Answered, Receipt, State
from tideover.delivery.incoming.words import Answer, AnswerKind, classify

__all__ = [
    "Answer",
    "AnswerKind",
    "Answered",
    "Came",
    "Failed",
    "Receipt",
    "State",
    "classify",
    "read_mail",
]
