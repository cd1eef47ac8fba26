"""The plugins that the tests use; the package's own one from the tree, whatever is installed."""

pytest_plugins = ("pytester", "lifecycle.testing.plugin")
