"""The check of the messages: whatever could make one wrong, unkind, plain to strangers or too long is found first."""

import shutil
from pathlib import Path

import pytest

from tideover.engine.message import MESSAGE_LANGUAGES, PLACEHOLDERS, check_messages, read_templates
from tideover.engine.message.template import Head
from tideover.engine.message.templates import CLOSING, FOLDER, RULE_WORDS
from tideover.engine.policy.content import SHIPPED, ContentRefused
from tideover.engine.policy.rules import read_rules

RULES = read_rules(SHIPPED)


@pytest.fixture
def overlay(tmp_path):
    """A lender's content folder with a copy of our messages, to change."""
    shutil.copytree(SHIPPED / FOLDER, tmp_path / FOLDER)
    return tmp_path


def change(overlay: Path, file: str, old: str, new: str) -> None:
    path = overlay / FOLDER / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def line_of(overlay: Path, file: str, text: str) -> int:
    lines = (overlay / FOLDER / file).read_text("utf-8").split("\n")
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_the_shipped_messages_are_whole_sayable_kind_and_short():
    assert check_messages(rules=RULES) == []


def test_every_purpose_has_its_message_in_every_language(templates):
    needed = {
        (purpose, language) for purpose in templates.words.lists.purposes for language in MESSAGE_LANGUAGES
    }

    assert needed <= set(templates.messages)


DUE, FIRM, CALL = "due_soon/en.md", "firm_notice/en.md", "help_call/en.md"
MISTAKES = [
    (DUE, "Your next payment is {next_due_amount}.", "Your next payment is {next_due_sum}.",
     "{next_due_sum} is not known at this place. Did you mean 'next_due_"),
    (DUE, "Your next payment is {next_due_amount}.", "Your next payment is {next_due_amount.", "the pattern has"),
    (DUE, "| Your next payment is coming.\n", "", "may go unsaid where next_due_amount, next_due_on is unknown"),
    (DUE, "Your next payment is {next_due_amount}.", "{when_next_due_amount}.", "only a day is also told"),
    (DUE, "You can pay it today", "{days_to_due} days. You can pay it today", "is a number"),
    (DUE, "You can pay it today", "{tone} You can pay it today", "{tone} only tells cases apart"),
    (DUE, "You can pay it today", "{tone, select, furm {We} other {You}} can pay it today", "never 'furm'. Did you mean 'firm'?"),
    (DUE, "You can pay it today", "You must pay it today", "'must pay' blames, threatens or hurries"),
    (DUE, "You can pay it today", "# You can pay it today", "write paragraphs, '- ' items and '## ' headings"),
    (DUE, 'picture: true', 'picture: true\npicure: true', "'picure' is not known here. Did you mean 'picture'?"),
    (DUE, 'do: pay', 'do: pya', "'pya' is not a known action. Did you mean 'pay'?"),
    (DUE, '"Your next payment"]', '"Your next instalment"]', "'instalment*' would tell others what this is about"),
    (DUE, '"Your payment {when_next_due_on}"', '"{next_due_amount} {when_next_due_on}"', "{next_due_amount} is not known at this place"),
    (DUE, '"Your payment {when_next_due_on}"', '"{first_name}, your payment"', "{first_name} is not known at this place"),
    (DUE, "{sender}: a payment of yours", "a payment of yours", "does not say who writes"),
    (DUE, "{sender}: a payment of yours is coming.", "{sender}: a payment of yours on your loan is coming.", "'loan*' would tell others"),
    (DUE, "a payment of yours is coming.", "a payment of yours is coming, and it would be good to hear from you before that, or after it.",
     "short: takes 2 parts with nothing known"),
    (DUE, "spoken:", "also_spoken:", "'also_spoken' is not known here"),
    (FIRM, "---\n{overdue}", "needs: [overdu]\n---\n{overdue}", "'overdu' is not a known value. Did you mean 'overdue'?"),
    (FIRM, "---\n{overdue}", "law_words: [court]\n---\n{overdue}", "only what a law orders may use its hard words"),
    (CALL, "Is this a good moment?", "We can make {overdue} easier for you.", "{overdue} is not known at this place"),
    (CALL, "Is this a good moment?", "It is about your loan.", "'loan*' would tell others"),
    (CALL, "may_say:", "subject: Hello\nmay_say:", "`subject` is not for what a person says"),
    (CALL, "must_not_say:", "may_say_not:", "'may_say_not' is not known here"),
    (f"{CLOSING}/en.md", "{sender_phone}. A person", "{sender_fone}. A person", "Did you mean 'sender_phone'?"),
    (f"{CLOSING}/en.md", "stop_short:", "stop_shrt:", "'stop_shrt' is not known here. Did you mean 'stop_short'?"),
    (f"{RULE_WORDS}/en.yaml", "claim_vat:", "claim_wat:", "'claim_vat' has no words here"),
    (f"{RULE_WORDS}/en.yaml", "claim_vat:", "claim_wat:", "Did you mean 'claim_vat'?"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "says"), MISTAKES)
def test_a_mistake_is_found_and_named(overlay, file, old, new, says):
    change(overlay, file, old, new)

    found = [
        str(problem) for problem in check_messages(overlay, rules=RULES) if problem.file == f"{FOLDER}/{file}"
    ]

    assert any(says in text for text in found), found


def test_a_problem_names_the_line_of_head_and_body(overlay):
    change(overlay, DUE, "Tell us before it comes.", "Tell us immediately.")
    change(overlay, DUE, '"Your next payment"]', '"Your debt"]')

    lines = {problem.line for problem in check_messages(overlay, rules=RULES)}

    assert lines == {line_of(overlay, DUE, "immediately"), line_of(overlay, DUE, "Your debt")}


def test_all_problems_are_told_not_the_first_alone(overlay):
    change(overlay, DUE, "do: pay", "do: pya")
    change(overlay, FIRM, "Pay a part.", "Pay at once, it is urgent.")
    (overlay / FOLDER / "gentle_reminder" / "en.md").write_text("no front matter", "utf-8")

    assert {problem.file for problem in check_messages(overlay, rules=RULES)} == {
        f"{FOLDER}/{DUE}", f"{FOLDER}/{FIRM}", f"{FOLDER}/gentle_reminder/en.md"
    }  # fmt: skip


def test_a_folder_that_is_no_purpose_is_named_with_the_nearest(overlay):
    (overlay / FOLDER / "due_sooon").mkdir()
    shutil.copy(overlay / FOLDER / DUE, overlay / FOLDER / "due_sooon" / "en.md")

    (problem,) = check_messages(overlay, rules=RULES)

    assert "'due_sooon' is not a known purpose. Did you mean 'due_soon'?" in str(problem)


def test_another_language_tells_the_same_values(overlay):
    shutil.copy(overlay / FOLDER / DUE, overlay / FOLDER / "due_soon" / "vi.md")
    change(overlay, "due_soon/vi.md", "It is due {when_next_due_on}.", "It is due.")
    change(overlay, "due_soon/vi.md", "You can pay it today", "{officer}")

    found = [str(problem) for problem in check_messages(overlay, rules=RULES)]

    assert any("body: does not tell next_due_on, as the English one does" in text for text in found)
    assert any("body: tells officer, which the English one does not" in text for text in found)


def test_a_lenders_own_message_stands_in_place_of_ours(overlay):
    change(overlay, DUE, "You can pay it today", "You may pay it today")

    assert check_messages(overlay, rules=RULES) == []
    assert "You may pay it today" in read_templates(overlay).messages["due_soon", "en"].source


def test_files_that_cannot_be_read_are_refused_together(overlay):
    (overlay / FOLDER / DUE).write_bytes(b"\xff\xfe")
    change(overlay, FIRM, "---\n", "")

    with pytest.raises(ContentRefused) as refused:
        read_templates(overlay)

    assert len(refused.value.problems) == 2


def test_alternatives_without_a_text_are_named(overlay):
    change(overlay, DUE, "## If the day", "| alone\n\n## If the day")

    assert "there is none" in "".join(map(str, check_messages(overlay, rules=RULES)))


def test_every_value_of_a_message_is_documented():
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "write-a-message.md").read_text("utf-8")

    assert [name for name, it in PLACEHOLDERS.items() if f"| `{name}` | {it.kind.value}" not in page] == []
    assert all(f"`{name}`" in page for name in Head.model_fields)
