"""Screens: each arranges panes."""
