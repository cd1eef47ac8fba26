"""Tests of reading and replaying recorded histories."""
