"""Bills, and how she wants to get them."""
