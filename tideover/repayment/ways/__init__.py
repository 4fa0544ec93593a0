"""Ways to pay, each a folder: what is shown to whoever pays, what comes back, and what is taken by agreement."""
