"""What histories exercise of the tables, and, later, what could happen at all."""
