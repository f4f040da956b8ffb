"""Look for a regular expression in texts, as a process of its own that can be ended when the expression runs away.

Run as a file, with nothing but the standard library. Each line of standard input is a JSON request, `{"pattern",
"template", "ignore_case", "texts"}`, answered by a line of JSON: `{"hits"}`, for each text a list of `[start, end,
replacement]`, or `{"error"}`, a sentence. The first line says that the process is ready.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from typing import Any

MOST_HITS = 1_000_000
"""Hits in one text."""
MOST_TEXT = 20_000_000
"""Characters of all replacements in one text."""
MOST_MEMORY = 2 << 30
"""Bytes that the process may take."""


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer one request."""
    try:
        flags = re.MULTILINE | (re.IGNORECASE if request["ignore_case"] else 0)
        pattern = re.compile(request["pattern"], flags)
    except (re.error, OverflowError, RecursionError) as error:
        return {"error": f"The search pattern is no regular expression: {error}."}
    try:
        # reads the template even where nothing matches
        pattern.sub(request["template"], "")
        return {"hits": [hits(pattern, request["template"], text) for text in request["texts"]]}
    except (re.error, IndexError) as error:
        return {"error": f"The new text cannot be used with this pattern: {error}."}
    except (MemoryError, RecursionError):
        return {"error": "The search pattern takes too much memory."}
    except OverflowError as error:
        return {"error": str(error)}


def hits(pattern: re.Pattern[str], template: str, text: str) -> list[tuple[int, int, str]]:
    """Return the places in a text with what shall stand there; raise OverflowError where they are too many."""
    found: list[tuple[int, int, str]] = []
    size = 0
    # expanding reads the template anew for each match
    plain = "\\" not in template
    for match in pattern.finditer(text):
        new = template if plain else match.expand(template)
        size += len(new)
        if len(found) >= MOST_HITS or size > MOST_TEXT:
            raise OverflowError("The search pattern matches too often in one row.")
        found.append((match.start(), match.end(), new))
    return found


def limit_memory() -> None:
    """Keep the process from taking the whole machine."""
    try:
        import resource  # noqa: PLC0415  only some systems have it
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def serve() -> None:
    """Answer requests until there are no more."""
    warnings.simplefilter("ignore", FutureWarning)
    limit_memory()
    say({"ready": True})
    for line in sys.stdin.buffer:
        say(answer(json.loads(line)))


def say(value: dict[str, Any]) -> None:
    """Write one line of JSON."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
