"""What the pages of an exhibit show: read once more from held-out text, after all is judged."""
