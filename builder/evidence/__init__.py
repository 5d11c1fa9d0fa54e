"""Activations and labels to graded claims."""
