"""Another system that speaks with us, in tests: its key, and requests as JSON."""

import json
from datetime import UTC, datetime

from tests.people import AT
from tideover.web.api.clients import make_client
from tideover.web.api.scopes import Scope

NOW = datetime.fromtimestamp(AT, UTC)


class System:
    """A client of the API."""

    def __init__(self, browser, key):
        self.browser, self.key = browser, key

    def _headers(self, given):
        return {"Authorization": f"Bearer {self.key}", **given}

    def get(self, path, **headers):
        return self.browser.get(f"/api/{path}", headers=self._headers(headers))

    def post(self, path, told, **headers):
        body = told if isinstance(told, str | bytes) else json.dumps(told)
        return self.browser.post(
            f"/api/{path}", body, content_type="application/json", headers=self._headers(headers)
        )


def system(browser, *branches, name="core-bank", scopes=tuple(Scope), every_branch=False, **about):
    """A client of these branches, or of every one."""
    key = make_client(
        name=name, scopes=scopes, branches=branches, sees_every_branch=every_branch, at=NOW, **about
    )
    return System(browser, key)
