"""Doors for providers: receipts and texts that a gateway posts to us."""
