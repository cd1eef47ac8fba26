"""Tests of what is worked out of the tables, histories and journals."""
