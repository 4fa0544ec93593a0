"""Complaints, disputes, a death, and people who act for her."""
