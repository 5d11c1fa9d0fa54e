"""What MkDocs calls: the gallery's pages are made before it reads them."""

from builder.hook import *  # noqa: F403
