"""Frozen types that flow between the stages; numpy at most.

One letter an axis, everywhere: N characters, T characters of a block, B parallel streams,
U units, K features, L layers, H hidden size, V vocabulary.
"""
