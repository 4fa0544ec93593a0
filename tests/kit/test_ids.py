"""Numbers and names that follow from content alone."""

import shutil
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.kit.ids import (
    PRIME,
    content_hash,
    hash_of_files,
    hash_of_value,
    literals,
    seed_of,
    short,
)


def test_a_seed_is_the_first_eight_digits_of_the_md5():
    # as md5sum prints them
    assert seed_of("") == 0xD41D8CD9
    assert seed_of("B-1") == 0x3D982A22


@given(st.text())
def test_a_seed_fits_32_bits(borrower_id):
    assert 0 <= seed_of(borrower_id) < 2**32


def test_seeds_spread_people_evenly_over_the_buckets():
    counts = Counter(seed_of(f"borrower {number}") % 64 for number in range(64_000))

    assert len(counts) == 64
    assert 850 < min(counts.values()) <= max(counts.values()) < 1150


@given(st.text(), st.one_of(st.text(), st.integers()), st.integers(0, 20))
def test_literals_are_numbers_that_can_multiply_without_overflow(salt, period, n):
    found = literals(salt, period, n)

    assert len(found) == n
    assert all(1 <= one < PRIME for one in found)
    assert literals(salt, period, n + 3)[:n] == found


def test_another_salt_or_period_gives_other_literals():
    pairs = [
        ("salt", "2026"),
        ("salt", "2027"),
        ("other", "2026"),
        ("salt2", "026"),
        ('salt", "2026', ""),
        ("", ""),
    ]

    assert len({literals(*pair, 4) for pair in pairs}) == len(pairs)
    assert literals("salt", 20516, 4) == literals("salt", "20516", 4)


def test_literals_are_the_same_tomorrow_and_elsewhere():
    assert literals("salt", "2026-03", 3) == (1727165377, 703300970, 761078496)


def test_a_folder_has_one_hash_wherever_it_lies(tmp_path):
    here, there = tmp_path / "here", tmp_path / "deeper" / "there"
    (here / "policies").mkdir(parents=True)
    (here / "policies" / "help.yaml").write_text("says: help")
    (here / "order.yaml").write_text("order: []")
    shutil.copytree(here, there)

    assert content_hash(here) == content_hash(there) == content_hash([here])
    assert content_hash([here / "order.yaml", here / "policies" / "help.yaml"]) == content_hash(there)
    assert content_hash([here / "policies" / "help.yaml", here / "order.yaml"]) == content_hash(there)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "order.yaml").write_text("order: [] "),
        lambda folder: (folder / "order.yaml").rename(folder / "ordre.yaml"),
        lambda folder: (folder / "more.yaml").touch(),
        lambda folder: (folder / "order.yaml").unlink(),
    ],
)
def test_any_change_changes_the_hash(tmp_path, change):
    (tmp_path / "order.yaml").write_text("order: []")
    (tmp_path / "other.yaml").write_text("")
    before = content_hash(tmp_path)

    change(tmp_path)

    assert content_hash(tmp_path) != before


def test_hidden_files_do_not_count(tmp_path):
    (tmp_path / "order.yaml").write_text("order: []")
    before = content_hash(tmp_path)

    (tmp_path / ".order.yaml.swp").write_text("...")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref")

    assert content_hash(tmp_path) == before


def test_nothing_has_a_hash_too():
    assert content_hash([]) == hash_of_files({})


def test_bytes_cannot_move_between_a_name_and_its_content():
    assert hash_of_files({"ab": b"c"}) != hash_of_files({"a": b"bc"})
    assert hash_of_files({"a": b"", "b": b""}) != hash_of_files({"a": b"b"})


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_a_mapping_does_not_matter(value):
    backwards = dict(reversed(value.items()))

    assert hash_of_value(value) == hash_of_value(backwards)


def test_a_value_that_is_no_number_has_no_hash():
    with pytest.raises(ValueError, match="Out of range"):
        hash_of_value({"weight": float("nan")})


def test_people_cite_twelve_digits():
    assert short(hash_of_value([])) == hash_of_value([])[:12]
