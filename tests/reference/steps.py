"""Steps on the way to an insight, which a policy may name too."""

from tests.reference.plain import greatest, least

OF_PEOPLE = {
    "all_lag_count": lambda person: len(person.lags),
    "all_lag_sum": lambda person: sum(person.lags),
    "all_lag_square_sum": lambda person: sum(lag * lag for lag in person.lags),
    "all_recent_lag_count": lambda person: len(person.recent_lags),
    "all_recent_lag_sum": lambda person: sum(person.recent_lags),
    # counts over preferences are unknown for whoever has none at all
    "refuses_study": lambda person: int(person.do_not_study) if person.wishes else None,
    "refuses_calls": lambda person: int(person.wants_no_calls) if person.wishes else None,
    "shares_phone": lambda person: int(person.has_shared_phone) if person.wishes else None,
    "zones_known": lambda person: len(person.other_zones) or None,
    **{f"zone_{n}": lambda person, n=n: greatest(person.other_zones[n - 1 : n]) for n in (1, 2, 3, 4)},
}
OF_LOANS = {
    "lag_count": lambda loan: len(loan.lags),
    "lag_sum": lambda loan: sum(loan.lags),
    "lag_square_sum": lambda loan: sum(lag * lag for lag in loan.lags),
    "recent_lag_count": lambda loan: len(loan.recent_lags),
    "recent_lag_sum": lambda loan: sum(loan.recent_lags),
    "last_due_number": lambda loan: greatest(it.number for it in loan.instalments if it.has_passed),
    "last_on_time_number": lambda loan: greatest(
        it.number for it in loan.instalments if it.has_passed and it.was_on_time
    ),
    "first_number": lambda loan: least(it.number for it in loan.instalments),
}


def named(about, name, steps):
    """An insight of a person, loan or application by its name, or a step on the way to one."""
    return steps[name](about) if name in steps else getattr(about, name)
