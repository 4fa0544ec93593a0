"""Every page that somebody can reach, found by following its links as they would."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe

from tideover.web.portal.showing import page_words

PICTURES = os.environ.get("TIDEOVER_PICTURES", "")
HERS, DESK = ("/me/", "/p/"), ("/desk/",)
"""Where the pages of a borrower and those of staff stand."""
FILES = (".pdf", ".ics", ".zip", ".csv", ".svg", ".json", ".webmanifest", ".js")
ALIKE = 2
"""So many pages of one shape are looked at: the third loan looks like the second."""


@dataclass
class Look:
    """How somebody looks: her language, the width of her screen, whether scripts run, and by day or night."""

    language: str
    width: int
    scripts: bool
    scheme: str = "light"

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{'js' if self.scripts else 'plain'}-{self.scheme}"


@dataclass
class Found:
    """What was seen: pages by address, and what is wrong with any."""

    pages: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def crawled(
    context, base: str, look: Look, starts: tuple[str, ...], *, most: int = 120, who: str = "", inside=HERS
) -> Found:
    """Every page from these on that lies inside, each looked at in one way; `who` begins the names of the pictures."""
    found, waiting, shapes = Found(), list(starts), Counter[str]()
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": look.width, "height": 780})
    seen = set(starts)
    while waiting and len(found.pages) < most:
        address = waiting.pop(0)
        shape = re.sub(r"[^/]*\d[^/]*", "*", urlsplit(address).path)
        shapes[shape] += 1
        if shapes[shape] > ALIKE:
            continue
        answer = page.goto(base + address)
        found.pages.append(address)
        found.wrong += [f"{look} {address}: {it}" for it in _wrong(page, answer, look, inside)]
        if PICTURES:
            name = re.sub(r"[^a-z0-9]+", "-", f"{who}{address}".strip("/").lower())
            page.screenshot(path=Path(PICTURES) / f"{name[:80]}-{look}.png", full_page=True)
        for link in _links(page, base, inside):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    page.close()
    return found


def _links(page, base: str, inside: tuple[str, ...]) -> list[str]:
    found = []
    for href in page.eval_on_selector_all("a[href]", "all => all.map(it => it.getAttribute('href'))"):
        whole = urlsplit(urljoin(page.url, href))
        ours = f"{whole.scheme}://{whole.netloc}" == base and whole.path.startswith(inside)
        if ours and not whole.path.endswith(FILES) and "download" not in whole.path:
            found.append(whole.path + (f"?{whole.query}" if whole.query else ""))
    return found


def _wrong(page, answer, look: Look, inside: tuple[str, ...]) -> list[str]:
    told = []
    if answer is None or answer.status >= 400:
        return [f"answered {answer and answer.status}"]
    html = page.locator("html")
    direction = "rtl" if look.language == "fa" else "ltr"
    if (html.get_attribute("lang"), html.get_attribute("dir")) != (look.language, direction):
        told.append(f"speaks {html.get_attribute('lang')} {html.get_attribute('dir')}")
    # What hangs over the edge is read by nobody on a small screen.
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > look.width:
        told.append(f"is {wide} wide")
    if (heads := page.locator("h1").count()) != 1:
        told.append(f"has {heads} main headings")
    if inside == HERS and not page.locator("a[href='/me/talk/'], a[href^='tel:']").count():
        told.append("leads to no person")
    told += _not_translated(page, look)
    if look.scripts:
        told += [
            f"{it['id']}: {it['nodes'][0]['html'][:160]}" for it in Axe().run(page).response["violations"]
        ]
    return told


def _not_translated(page, look: Look) -> list[str]:
    """Sentences that stand there in English although the language has its own."""
    if look.language == "en":
        return []
    english, own = page_words()["en"].texts, page_words()[look.language].texts
    foreign = {
        text for key, text in english.items() if own.get(key) != text and "{" not in text and len(text) > 8
    }
    lines = {it.strip() for it in page.inner_text("main").splitlines()}
    return [f"says in English: {it}" for it in sorted(lines & foreign)]
