"""Use cases over a store, shared by the screen and the command line."""
