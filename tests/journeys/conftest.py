"""A real browser, for what a person does."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright


@pytest.fixture(scope="module")
def browser():
    # Its driver keeps an event loop running in this thread: tables are asked between its steps only, and the loop ends
    # with the module, for tests elsewhere that bring their own.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser):
    """A fresh window as narrow as a phone; what the browser complains about fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 780}, locale="en-GB")
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    complaints = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []
