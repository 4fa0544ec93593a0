"""A page looked at as people see it: on a phone and on a desk, by day and by night."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

PICTURES = os.environ.get("TIDEOVER_PICTURES", "")
WIDTHS = (320, 360, 1200)


def looked_at(page, name, *, schemes=("light",)):
    """Nothing to scroll sideways, nothing that a screen reader trips over; pictures where somebody asked for them."""
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour is judged halfway
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 780})
            if PICTURES and width != WIDTHS[0]:
                page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        found = Axe().run(page).response["violations"]
        told = [(it["id"], [node["html"][:200] for node in it["nodes"]]) for it in found]
        assert told == [], (name, told)
    page.set_viewport_size({"width": 360, "height": 780})
