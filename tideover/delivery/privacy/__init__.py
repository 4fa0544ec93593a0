"""A person's own data: handed to her whole, or erased, with what must be kept said aloud."""
