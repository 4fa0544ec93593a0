"""Fixtures of these tests."""

from tests.generative.sessions import sample  # noqa: F401 - a fixture
