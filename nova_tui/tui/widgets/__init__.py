"""Widgets: they show, and say what was asked of them."""
