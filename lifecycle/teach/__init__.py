"""Lessons and a quiz, of which every answer is worked out by the simulator."""
