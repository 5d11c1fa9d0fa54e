"""A value for each step of a text, wherever it comes from."""
