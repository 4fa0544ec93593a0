"""Words on pages of borrowers."""
