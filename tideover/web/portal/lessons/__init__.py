"""Short lessons."""
