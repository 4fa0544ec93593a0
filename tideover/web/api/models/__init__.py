"""Clients and their keys, and the answers kept so that a request made twice happens once."""

from tideover.web.api.models.clients import Client
from tideover.web.api.models.kept import Kept

__all__ = ["Client", "Kept"]
