"""Complaints, disputes, a death told once, and people who act for a borrower."""
