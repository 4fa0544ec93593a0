"""Strategies and rules: read from content, checked whole, turned into expressions and tables."""
