"""Views of staff, by page."""
