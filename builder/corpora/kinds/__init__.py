"""The kinds of corpus that there are here, a file each: its settings and how it is read."""
