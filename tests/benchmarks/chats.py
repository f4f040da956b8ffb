"""Native JSONL of any size for benchmarks, from a seed, with words of known frequency."""

from __future__ import annotations

import itertools
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

RARE: Final = "zephyrquartz"
MIDDLING: Final = "kumquat"
PHRASE: Final = "connection pool exhausted"
_COMMON: Final = "the to a of and is in you it for that this with on can be as are if or not error timeout server data"
_SYLLABLES: Final = "ba ce di fo gu ha ki lo ma ne pi qua ro su ta ve wi xo zu sta pra gle"
START: Final = datetime(2024, 1, 1, tzinfo=UTC)


def write_chats(path: Path, sessions: int, rows: int = 10) -> None:
    """Write so many sessions of so many rows each; RARE is in every 2,000th row, MIDDLING and PHRASE in every 100th."""
    chance = random.Random(7)
    syllables = _SYLLABLES.split()
    words = _COMMON.split() + ["".join(chance.choices(syllables, k=chance.choice((2, 3, 4)))) for _ in range(20_000)]
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    count = 0
    with path.open("w") as file:
        for number in range(sessions):
            at = START + timedelta(minutes=37 * number)
            made = []
            for position in range(rows):
                text = " ".join(chance.choices(words, cum_weights=weights, k=int(chance.lognormvariate(4, 0.8)) + 1))
                text += f" {RARE}" * (count % 2000 == 777) + f" {MIDDLING}" * (count % 100 == 23)
                text += f" {PHRASE}" * (count % 100 == 56)
                count += 1
                made.append(
                    {
                        "id": f"{count:016x}",
                        "role": "assistant" if position % 2 else "user",
                        "text": text,
                        "timestamp": (at + timedelta(seconds=20 * position)).isoformat(),
                        "processed": True,
                    }
                )
            title = " ".join(chance.choices(words, cum_weights=weights, k=5))
            file.write(
                json.dumps(
                    {
                        "nova_tui": 1,
                        "id": f"{number + 1:032x}",
                        "user_id": "alice",
                        "created_at": at.isoformat(),
                        "updated_at": (at + timedelta(seconds=20 * rows)).isoformat(),
                        "app_data": {"nova_tui": {"title": title}},
                        "dialog": {"rows": made},
                    }
                )
                + "\n"
            )
