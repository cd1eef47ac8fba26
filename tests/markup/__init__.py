"""Tests of how pages are written in the formats that sites take."""
