"""Models of other people, a file for each kind of source."""
