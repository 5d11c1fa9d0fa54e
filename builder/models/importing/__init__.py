"""Importers, a file each: live networks of PyTorch, model folders of our own."""
