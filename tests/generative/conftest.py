"""Fixtures of these tests."""

from tests.generative.sessions import sample, spark  # noqa: F401 - fixtures
