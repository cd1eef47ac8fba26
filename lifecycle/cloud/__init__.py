"""A simulated cloud: what surrounds images, the calls that it answers, and its drivers."""
