"""Ways to pay."""
