"""Parts of a cell's page, one a module."""
