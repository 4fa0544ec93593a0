"""tideover verify ledger: do the money facts fold? Read from the rows as they stand, in the database itself."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from tideover.book.models import fact_table
from tideover.engine.facts import TABLES

INFORMS = ("loans", "not_compared")
"""Numbers that say how much was looked at. All others should be 0."""


def verify_ledger(*, at: datetime, kept_in: str = "") -> dict[str, int]:
    """How many loans, instalments and payments contradict each other or themselves, as known at a moment.

    Of a loan all of whose payments are known, what its instalments say was paid is the sum of the payments that
    count, or all that is due where more was paid. A loan without any payment on record is not compared. Nor is one
    that is in the table `kept_in` by its `loan_id`: whoever keeps its accounts compares it entry by entry.
    """
    others = f"WHERE steps.loan_id NOT IN (SELECT loan_id FROM {_named(kept_in)})" if kept_in else ""  # noqa: S608 - ours
    moment = int(at.timestamp())
    with connection.cursor() as cursor:
        cursor.execute(_BY_LOAN.format(**_in_force(), others=others), {"at": moment})
        loans, not_compared, differs = cursor.fetchone()
        cursor.execute(_STEPS.format(**_in_force()), {"at": moment})
        over, negative_steps = cursor.fetchone()
        cursor.execute(_PAYMENTS.format(**_in_force()), {"at": moment})
        (negative_payments,) = cursor.fetchone()
        cursor.execute(_TWICE.format(payments=_quoted("payments")), {"at": moment})
        (twice,) = cursor.fetchone()
    return {
        "loans": loans,
        "not_compared": not_compared,
        "paid_is_not_the_sum_of_payments": differs,
        "paid_more_than_due": over,
        "negative": negative_steps + negative_payments,
        "one_payment_for_two_loans": twice,
    }


def _quoted(table: str) -> str:
    return connection.ops.quote_name(fact_table(table))


def _named(table: str) -> str:
    return connection.ops.quote_name(table)


def _in_force() -> dict[str, str]:
    """Each table as a query for the version of each row that stands at a moment."""
    return {table: _latest(table) for table in ("loans", "instalments", "payments")}


def _latest(table: str) -> str:
    keys = ", ".join(connection.ops.quote_name(name) for name in TABLES[table].key)
    order = f"PARTITION BY {keys} ORDER BY recorded_at DESC, id DESC"
    versions = (
        f"SELECT *, ROW_NUMBER() OVER ({order}) AS place FROM {_quoted(table)} WHERE recorded_at <= %(at)s"  # noqa: S608
    )
    return f"(SELECT * FROM ({versions}) versions WHERE place = 1)"  # noqa: S608 - names of ours


_DUE = "COALESCE(principal, 0) + COALESCE(interest, 0) + COALESCE(fees, 0)"
_COUNTS = "(reversed_at IS NULL OR reversed_at > %(at)s)"
_BY_LOAN = f"""
WITH steps AS (
  SELECT loan_id, SUM(COALESCE(paid, 0)) AS paid, SUM({_DUE}) AS due FROM {{instalments}} i GROUP BY loan_id
), given AS (
  SELECT loan_id, SUM(CASE WHEN {_COUNTS} THEN amount ELSE 0 END) AS counted,
    SUM(CASE WHEN {_COUNTS} AND state_at IS NOT NULL AND state_at <= %(at)s THEN amount ELSE 0 END) AS confirmed
  FROM {{payments}} p GROUP BY loan_id
)
SELECT COUNT(*), COALESCE(SUM(CASE WHEN given.loan_id IS NULL THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN given.loan_id IS NOT NULL AND steps.paid <> given.counted AND steps.paid <> given.confirmed
    AND NOT (steps.paid = steps.due AND given.counted > steps.due) THEN 1 ELSE 0 END), 0)
FROM steps LEFT JOIN given ON given.loan_id = steps.loan_id {{others}}
"""  # noqa: S608 - names of ours
_STEPS = f"""
SELECT COALESCE(SUM(CASE WHEN COALESCE(paid, 0) > {_DUE} THEN 1 ELSE 0 END), 0),
  COALESCE(SUM(CASE WHEN principal < 0 OR interest < 0 OR fees < 0 OR paid < 0 THEN 1 ELSE 0 END), 0)
FROM {{instalments}} i
"""  # noqa: S608
_PAYMENTS = "SELECT COALESCE(SUM(CASE WHEN amount < 0 THEN 1 ELSE 0 END), 0) FROM {payments} p"
_TWICE = """
SELECT COUNT(*) FROM (
  SELECT payment_id FROM {payments} WHERE recorded_at <= %(at)s GROUP BY payment_id HAVING COUNT(DISTINCT loan_id) > 1
) twice
"""
