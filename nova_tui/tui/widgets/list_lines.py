"""ListLines: on which line each session of a list stands, where headings of one line stand among them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

HEADING = -1
"""What `locate` says instead of a line of a session."""


@dataclass(frozen=True, slots=True)
class ListLines:
    """Sessions of one height; finding one by line and its line by position costs the logarithm of the headings."""

    count: int = 0
    height: int = 3
    """Lines from one session to the next."""
    starts: Sequence[int] = ()
    """Positions of the sessions that have a heading above them, rising."""
    _headings: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        lines = [start * self.height + number for number, start in enumerate(self.starts)]
        object.__setattr__(self, "_headings", lines)

    @property
    def total(self) -> int:
        """All lines."""
        return self.count * self.height + len(self.starts)

    def line_of(self, index: int) -> int:
        """Return the first line of a session."""
        return index * self.height + (bisect_right(self.starts, index) if self.starts else 0)

    def is_headed(self, index: int) -> bool:
        """Tell whether a session has a heading above it."""
        number = bisect_right(self.starts, index) if self.starts else 0
        return number > 0 and self.starts[number - 1] == index

    def heading_of(self, index: int) -> int:
        """Return which heading a session stands under."""
        return bisect_right(self.starts, index) - 1

    def locate(self, line: int) -> tuple[int, int]:
        """Return the session on a line and the line within it: HEADING, on a heading, of the session below it."""
        if not self.starts:
            return divmod(line, self.height)
        above = bisect_right(self._headings, line)
        if above and self._headings[above - 1] == line:
            return self.starts[above - 1], HEADING
        return divmod(line - above, self.height)
