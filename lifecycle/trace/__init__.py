"""Recorded histories: reading them, running them through a cloud, writing one's own."""
