"""The plugins that the tests use; the package's own one from the tree, whatever is installed."""

import os

from tests.tools import python_path

pytest_plugins = ("pytester", "lifecycle.testing.plugin")

if "PYTHONPATH" in os.environ:
    # The README's command names a folder beside the tests: programs that tests start in
    # another folder shall find it, too.
    os.environ["PYTHONPATH"] = python_path()
