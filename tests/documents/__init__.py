"""Tests of the documents that the cloud's objects are written into."""
