"""Clients and their keys, the answers kept so that a request made twice happens once, and events on their way out."""

from tideover.web.api.models.clients import Client
from tideover.web.api.models.kept import Kept
from tideover.web.api.models.webhooks import Endpoint, Outgoing

__all__ = ["Client", "Endpoint", "Kept", "Outgoing"]
