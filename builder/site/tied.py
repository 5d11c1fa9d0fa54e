"""MkDocs as a child that ends with its parent: `python -m builder.site.tied ARGUMENT…`.

Its standard input is a file that ends when the parent does, whatever ends that.
"""

from __future__ import annotations

import os
import runpy

from builder.core.stopping import end_with

STDIN = 0


if __name__ == "__main__":
    end_with(lambda: os.read(STDIN, 1))
    runpy.run_module("mkdocs", run_name="__main__", alter_sys=True)
