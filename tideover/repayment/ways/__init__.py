"""Ways to pay, each a folder."""
