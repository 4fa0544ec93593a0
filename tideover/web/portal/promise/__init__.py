"""A day of her own choosing."""
