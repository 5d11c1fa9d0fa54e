"""How a text is read with tokens of any kind: special entries, and where a state begins anew."""
