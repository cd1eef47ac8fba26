"""Tests of the pictures and of what they are drawn from."""
