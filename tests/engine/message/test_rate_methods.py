"""The law of a country names how the rate a year is told; where none is known, that is said."""

import pytest

from tideover.engine.message import check_rate_methods, read_rate_methods


@pytest.mark.parametrize(
    ("country", "method", "named"),
    [
        ("LV", "effective", True), ("GB", "effective", True), ("IN", "nominal", True), ("US", "nominal", True),
        ("BR-SP", "effective_by_days", True), ("VN", "effective", False), ("", "effective", False),
    ],
)  # fmt: skip
def test_each_country_has_its_own_method(country, method, named):
    methods = read_rate_methods()

    assert (methods.method_in(country), methods.is_named(country)) == (method, named)


def test_a_country_that_is_none_and_one_named_twice_are_found(tmp_path):
    (tmp_path / "rates.yaml").write_text(
        "methods:\n  effective: {reference: [], countries: [LV, XQ]}\n"
        "  nominal: {reference: [], countries: [LV]}\notherwise: effective\n"
    )

    said = " ".join(map(str, check_rate_methods(tmp_path)))

    assert "'XQ' is no country" in said
    assert "LV is named twice" in said


def test_what_is_shipped_is_right():
    assert check_rate_methods() == []
