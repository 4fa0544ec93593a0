"""The few words in which unknown values are handled: they are left out, and what needs them is unknown."""


def total(values):
    return sum(value for value in values if value is not None)


def least(values):
    return min((value for value in values if value is not None), default=None)


def greatest(values):
    return max((value for value in values if value is not None), default=None)


def minus(a, b):
    return None if a is None or b is None else a - b


def is_now(since, until, at):
    """Has it begun, and not ended? An unknown beginning lies in the past, an unknown end ahead."""
    return (since is None or since <= at) and (until is None or until > at)
