"""The page on which the lifecycle is played, in a browser: one file, with nothing to fetch.

Its scripts follow what the simulator told when the page was made; no rule of
the lifecycle is written in them.
"""

from __future__ import annotations

from lifecycle.page.document import document

__all__ = ["document"]
