"""Kinds of page, one a module."""
