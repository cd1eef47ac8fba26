"""OpenNebula's XML documents, written from the objects of a cloud.

`text_of` gives what a call answers as it goes over the wire; `pieces_of` gives
the document of a large pool piece by piece.
"""

from lifecycle.documents.values import pieces_of, text_of

__all__ = ["pieces_of", "text_of"]
