"""Panes: one concern each, with its own bindings and workers."""
