"""The tests of `lifecycle`."""
