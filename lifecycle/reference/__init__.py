"""The reference pages of the image lifecycle, written from its table."""
