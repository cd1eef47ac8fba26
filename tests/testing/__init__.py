"""The help for the tests of others."""
