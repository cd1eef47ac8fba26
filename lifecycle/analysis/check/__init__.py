"""Whether what was observed of images can have happened, and how."""
