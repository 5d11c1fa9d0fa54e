"""A model on a text: read, scored, judged on held-out text, put through every control."""
