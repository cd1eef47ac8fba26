"""Real clients of OpenNebula, each in an environment of its own, against the endpoint."""
