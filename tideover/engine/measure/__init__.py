"""What decisions come to: sums with the rows behind them, trials on a lender's own book, pages, and what is learned.

What others may use stands here.
"""

from tideover.engine.measure.cells import Cells, Total
from tideover.engine.measure.intervals import Estimate
from tideover.engine.measure.learning.effects import Effect, NothingToCompare, drawn_by_lot, effect
from tideover.engine.measure.learning.offpolicy import Log, LogUnusable, OffPolicy, estimate, ips, snips
from tideover.engine.measure.learning.publish import TeamUnknown, publish_tables
from tideover.engine.measure.pages import day_numbers_page, day_page, write_page, write_shadow_page
from tideover.engine.measure.report import Report, Side
from tideover.engine.measure.shadow import Beside, beside, read_list, write_differences
from tideover.engine.measure.simulate import TrialRefused, simulate
from tideover.engine.measure.summary import Summary, summary
from tideover.engine.measure.today import day_report
from tideover.engine.measure.where import Where
from tideover.engine.measure.words import Words

__all__ = [
    "Beside",
    "Cells",
    "Effect",
    "Estimate",
    "Log",
    "LogUnusable",
    "NothingToCompare",
    "OffPolicy",
    "Report",
    "Side",
    "Summary",
    "TeamUnknown",
    "Total",
    "TrialRefused",
    "Where",
    "Words",
    "beside",
    "day_numbers_page",
    "day_page",
    "day_report",
    "drawn_by_lot",
    "effect",
    "estimate",
    "ips",
    "publish_tables",
    "read_list",
    "simulate",
    "snips",
    "summary",
    "write_differences",
    "write_page",
    "write_shadow_page",
]
