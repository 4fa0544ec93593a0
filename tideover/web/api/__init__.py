"""The programming interface: facts in, decisions and reasons out."""
