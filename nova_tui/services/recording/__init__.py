"""Recordings: screen frames as plain cells, and one encoder a kind of file."""
