"""A day of her own choosing: promised, kept, partly kept, broken, renewed."""
