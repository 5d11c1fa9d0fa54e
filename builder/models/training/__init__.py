"""Weights from a text."""
