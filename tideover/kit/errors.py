"""The one class of errors a person is meant to read."""


class Refused(Exception):
    """What was asked cannot be done; the message says why and what to do, in whole plain sentences."""
