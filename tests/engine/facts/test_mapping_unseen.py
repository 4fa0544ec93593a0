"""A source nobody has seen before is mapped by hand in an afternoon, without a line of Python.

A savings society in a small town: one file with everything, decimal commas, German dates, payments in one cell
that were merged, and a status that says three things at once.
"""

from __future__ import annotations

from pathlib import Path

from tests.engine.facts.mapping_given import day, table
from tideover.engine.facts.mapping import import_mapped, read_mapping_text

FILE = """\
Mitgliederliste per 31.03.2026;;;;;;;
Nr.;Kennung;Auszahlung;Betrag EUR;Rate;Laufzeit;bezahlt am;Stand
17;K-1;15.01.2026;1.200,00;100,00;12 Mon.;14.02.2026 / 16.03.2026;läuft/ok/2
18;K-2;01.02.2026;600,00;100,00;6 Mon.;;läuft/RÜCKST./0
18;K-3;31.12.2025;90,50;90,50;1 Mon.;31.01.2026;ERLEDIGT/ok/1
19;K-4;32.01.2026;100,00;50,00;2 Mon.;;läuft/ok/0
20;K-5;01.02.2026;100.00;50,00;2 Mon.;;läuft/ok/0
Summe;;;2.090,50;;;;
"""

MAPPING = """
format: 1
source: society
says: One list of a savings and loan society.
currency: EUR
timezone: Europe/Berlin
constants:
  listed_on: {value: 2026-03-31, because: the heading says so}
files:
  members:
    names: ["Mitgliederliste*.csv"]
    delimiter: ";"
    encoding: iso-8859-1
    skip_rows: 1
frames:
  loans:
    from: members
    steps:
      - set: {line: __row}
      - parse: {member: {from: Nr., as: text, needed: true}, status: {from: Stand, as: text}}
      - leave_out: [{when: member == 'Summe', because: the total at the foot of the list}]
      - parse:
          loan: {from: Kennung, as: text, needed: true}
          lent_on: {from: Auszahlung, as: day, format: "%d.%m.%Y", needed: true}
          amount: {from: Betrag EUR, as: money, decimal: ",", thousands: ".", needed: true}
          each: {from: Rate, as: money, decimal: ",", thousands: "."}
          count: {from: Laufzeit, as: count, without: ["Mon."]}
          payments: {from: bezahlt am, as: text}
      - set:
          is_done: lower(before(status, '/')) == 'erledigt'
          known_at: start_of(lent_on)
  parts:
    from: loans
    steps:
      - schedule: {count: count, starts_on: lent_on, every: {months: 1}, principal: amount}
  paid:
    from: loans
    steps:
      - where: payments is not None
      - unpivot:
          rows:
            - {text: "before(payments, '/')", place: {value: 1}}
            - {text: "after(payments, '/')", place: {value: 2}}
      - where: text is not None
      - parse: {paid_on: {from: text, as: day, format: "%d.%m.%Y"}}
      - set: {paid_at: end_of(paid_on)}
  reached:
    from: parts
    steps:
      - allocate: {payments: paid, by: loan, amount: each, at: paid_at, due: principal_due, order: [number]}
tables:
  borrowers:
    from: loans
    steps: [{totals: {by: [member], take: {since: {min: known_at}}}}]
    columns: {borrower_id: member}
    versions: [{recorded_at: since, because: the first loan}]
  loans:
    from: loans
    columns: {loan_id: loan, borrower_id: member, principal: amount, disbursed_on: lent_on}
    versions:
      - {recorded_at: known_at, because: paid out then}
      - {recorded_at: end_of(listed_on), when: is_done, because: only the list says so, columns: {closed_on: listed_on}}
  instalments:
    - from: parts
      columns: &part {loan_id: loan, number: number, due_on: due_on, principal: principal_due, paid: 0}
      versions: [{recorded_at: known_at, because: agreed then}]
    - from: reached
      columns: {<<: *part, paid: paid, settled_on: settled_on}
      versions: [{recorded_at: at, because: the list gives days without a time}]
"""


def test_a_strange_file_becomes_a_book_and_what_is_wrong_in_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "Mitgliederliste 2026-03.csv").write_bytes(FILE.encode("iso-8859-1"))

    summary = import_mapped(read_mapping_text(MAPPING, "society.yaml"), [tmp_path], tmp_path / "book")

    assert table(tmp_path, "borrowers")["borrower_id"].to_list() == ["17", "18"]
    loans = table(tmp_path, "loans")
    assert loans["principal"].to_list() == [120_000, 60_000, 9_050]
    assert loans["closed_on"].to_list() == [None, None, day("2026-03-31")]
    told = [one.because for one in summary.set_aside]
    assert told == [
        "Auszahlung '32.01.2026' is not a date; expected dd.mm.yyyy",
        "Betrag EUR '100.00' is not an amount; expected an amount like 1.234,50, with no more than the decimals of EUR",
    ]
    assert [(one.because, one.rows) for one in summary.left_out] == [("the total at the foot of the list", 1)]


def test_its_payments_reach_the_instalments_when_they_came(tmp_path: Path) -> None:
    (tmp_path / "Mitgliederliste 2026-03.csv").write_bytes(FILE.encode("iso-8859-1"))
    import_mapped(read_mapping_text(MAPPING, "society.yaml"), [tmp_path], tmp_path / "book")

    first = table(tmp_path, "instalments").filter(loan_id="K-1")
    assert first["settled_on"].to_list()[:3] == [day("2026-02-14"), day("2026-03-16"), None]
    before = table(tmp_path, "instalments", at="2026-02-14T20:00").filter(loan_id="K-1")
    assert before["paid"].sum() == 0
