"""What the pages of an exhibit show, cut from held-out text after all is judged."""
