"""Scenarios: their form, their playing, their telling, and the examples."""
