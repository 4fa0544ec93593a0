"""Which leaf a person stood in on a past day, as it was known then.

A contact is judged by the leaf it was made in. Today's leaf would tell the answer: whoever did not pay is later now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import narwhals as nw
import polars as pl

from tideover.engine.decision.decide import Facts, clock_for, distinct
from tideover.engine.decision.clock import Stamp, people_at
from tideover.engine.decision.flow import Flow
from tideover.engine.decision.plan import Plan
from tideover.engine.decision.published import Published
from tideover.engine.decision.whole_book import in_polars
from tideover.engine.facts import Book
from tideover.engine.facts.backends import PolarsBackend
from tideover.engine.policy.lists import Lists
from tideover.engine.policy.rules import RuleTables
from tideover.engine.policy.scope import Names
from tideover.engine.policy.strategy import Strategy

COLUMNS = ("person_id", "leaf", "utc_offset", "do_not_study", "team")
