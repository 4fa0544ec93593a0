"""Tideover: kind, lawful and explained contact over the whole life of a loan."""

__version__ = "0.1.0"
