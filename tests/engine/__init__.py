"""Tests of one image: the table of its lifecycle and the engine that fires it."""
