"""The page on which the lifecycle is played."""
