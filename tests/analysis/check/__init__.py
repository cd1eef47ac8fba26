"""Whether what was observed can have happened."""
