"""What she wishes, what she agreed to, and her own data."""
