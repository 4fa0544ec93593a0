"""Ways to pay, by her or by somebody for her."""
