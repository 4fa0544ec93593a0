"""A person, one step away."""
