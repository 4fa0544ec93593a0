"""Contact, marketing and disclosure law as data: read, checked, merged to the strictest, and laid out as tables.

What others may use: `read_rules` and `Rules.on`, the tables with their rows, the checks, the stories, the page, and
`judge`, the slow reading of one contact that the columns of a decision are compared with.
"""

from tideover.engine.policy.content import Problem
from tideover.engine.policy.rules._check import check_freshness, check_rules
from tideover.engine.policy.rules._judge import Contact, Earlier, Verdict, judge
from tideover.engine.policy.rules._located import RulesRefused
from tideover.engine.policy.rules._page import rules_page
from tideover.engine.policy.rules._read import read_rules
from tideover.engine.policy.rules._rule import Country, Rule
from tideover.engine.policy.rules._rules import Rules
from tideover.engine.policy.rules._run_cases import Failure, run_cases
from tideover.engine.policy.rules._tables import (
    ActionBan,
    BanWhen,
    CapCellRow,
    CapRow,
    CellRow,
    CoolDownRow,
    Duty,
    MergedWindow,
    RuleTables,
    Statement,
    WindowPart,
)
from tideover.engine.policy.rules._when import Situation

__all__ = [
    "ActionBan",
    "BanWhen",
    "CapCellRow",
    "CapRow",
    "CellRow",
    "Contact",
    "CoolDownRow",
    "Country",
    "Duty",
    "Earlier",
    "Failure",
    "MergedWindow",
    "Problem",
    "Rule",
    "RuleTables",
    "Rules",
    "RulesRefused",
    "Situation",
    "Statement",
    "Verdict",
    "WindowPart",
    "check_freshness",
    "check_rules",
    "judge",
    "read_rules",
    "rules_page",
    "run_cases",
]
