"""Applications from first interest to closing, with the documents they need."""
