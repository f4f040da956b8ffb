"""Recording the screen without a terminal, on a clock that never waits."""
