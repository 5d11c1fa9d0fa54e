"""What a corpus kind reads, in the order of names, so that it can be compared."""

from builder.corpora.contract import files_of


def read_files(settings, place):
    """Return all files at once."""
    return sorted(files_of(settings, place), key=lambda file: file.name)
