"""The command line (Click)."""
