"""Pictures of the lifecycle, and texts that other programs draw, all read from the table."""
