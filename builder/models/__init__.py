"""Recurrent networks over characters: what they are, training, loading, saving."""
