"""Specifications run on Spark too."""

from tests.generative.sessions import spark  # noqa: F401 - a fixture
