"""Small hand-written files, at least one for every format that can be read."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

from nova_tui.formats.format import Reading, Receipt, read_source
from nova_tui.formats.registry import detect, importer_named
from nova_tui.formats.source import Source

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
READING = Reading("alice", AT)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


def as_bytes(value: Any) -> bytes:
    """Return a value as a JSON file."""
    return json.dumps(value, ensure_ascii=False).encode()


def as_lines(*values: Any) -> bytes:
    """Return values as a file of one JSON value a line."""
    return b"".join(as_bytes(value) + b"\n" for value in values)


def zipped(**members: bytes) -> bytes:
    """Return an archive; in the names of members `__` stands for a dot and `___` for a slash."""
    return zipped_names({name.replace("___", "/").replace("__", "."): data for name, data in members.items()})


def zipped_names(members: dict[str, bytes]) -> bytes:
    """Return an archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def read(data: bytes, name: str = "", *, format: str | None = None, reading: Reading = READING) -> Receipt:
    """Read a file as the program does."""
    source = Source(data, name)
    return read_source(importer_named(format) if format else detect(source), source, reading)


def node(id: str, parent: str | None, role: str = "user", text: str = "", **message: Any) -> dict[str, Any]:
    """Return a node of a ChatGPT conversation."""
    inner: dict[str, Any] = {
        "id": f"m-{id}",
        "author": {"role": role},
        "create_time": 1_700_000_000.5,
        "content": {"content_type": "text", "parts": [text]},
        "recipient": "all",
        "metadata": {},
        **message,
    }
    return {"id": id, "parent": parent, "children": [], "message": inner}


def chatgpt(*nodes: dict[str, Any], id: str = "c1", **more: Any) -> dict[str, Any]:
    """Return a ChatGPT conversation; the last node is the current one."""
    mapping: dict[str, Any] = {"root": {"id": "root", "parent": None, "children": [], "message": None}}
    mapping |= {item["id"]: item for item in nodes}
    last = nodes[-1]["id"] if nodes else None
    return {
        "id": id,
        "conversation_id": id,
        "title": "A talk",
        "create_time": 1_700_000_000.0,
        "update_time": 1_700_000_100.0,
        "current_node": last,
        "mapping": mapping,
        **more,
    }


CHATGPT = chatgpt(node("a", "root", "user", "Hello"), node("b", "a", "assistant", "Hi"))
OPENAI: dict[str, Any] = {
    "model": "gpt-4o",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Capital of France?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "capital", "arguments": '{"of": "France"}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "Paris"},
        {"role": "assistant", "content": "Paris."},
    ],
}
NOVA: dict[str, Any] = {
    "nova_tui": 1,
    "id": "0123456789abcdef" * 2,
    "user_id": "alice",
    "created_at": "2026-11-22T09:00:00+00:00",
    "updated_at": "2026-11-22T09:00:05+00:00",
    "app_data": {"nova_tui": {"title": "Refund flow"}, "shop": {"order": 1881}},
    "dialog": {
        "rows": [
            {
                "id": "00000000000000aa",
                "role": "user",
                "text": "I was charged twice.\nCan you help?",
                "timestamp": "2026-11-22T09:00:00+00:00",
                "metadata": {"mood": ["cross", 1, 1.0, None, True]},
                "images": [{"mime": "image/png", "data": "iVBORw0KGgo="}],
                "processed": True,
            },
            {
                "id": "00000000000000bb",
                "role": "assistant",
                "text": "Of course.",
                "timestamp": "2026-11-22T09:00:05+00:00",
                "metadata": {},
                "images": None,
                "processed": True,
            },
        ]
    },
}
NOVA_YAML = b"""nova_tui: 1
id: 0123456789abcdef0123456789abcdef
user_id: alice
created_at: '2026-11-22T09:00:00+00:00'
updated_at: '2026-11-22T09:00:05+00:00'
dialog:
  rows:
  - role: user
    text: |-
      Two
      lines
  - role: assistant
    text: Fine
"""


def claude_record(type: str, content: Any, uuid: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a record of a Claude Code log."""
    return {
        "type": type,
        "uuid": uuid,
        "parentUuid": parent,
        "sessionId": "s1",
        "timestamp": "2026-01-02T03:04:05.678Z",
        "isSidechain": False,
        "cwd": "/home/someone/shop",
        "version": "2.1.0",
        "message": {"role": type, "content": content},
        **more,
    }


CLAUDE_CODE = [
    claude_record("user", "Fix the bug", "u1"),
    claude_record("assistant", [{"type": "thinking", "thinking": "Hm.", "signature": "x"}], "a1", "u1"),
    claude_record("assistant", [{"type": "text", "text": "Looking."}], "a2", "a1"),
    claude_record("assistant", [{"type": "tool_use", "id": "t1", "name": "Read", "input": {"file": "a"}}], "a3", "a2"),
    claude_record("user", [{"type": "tool_result", "tool_use_id": "t1", "content": "ok"}], "u2", "a3"),
    claude_record("assistant", [{"type": "text", "text": "Fixed."}], "a4", "u2"),
]


def codex_item(**payload: Any) -> dict[str, Any]:
    """Return a record of a Codex rollout."""
    return {"timestamp": "2026-01-02T03:04:05.678Z", "type": "response_item", "payload": payload}


def codex_message(role: str, text: str) -> dict[str, Any]:
    """Return a message of a Codex rollout."""
    kind = "output_text" if role == "assistant" else "input_text"
    return codex_item(type="message", role=role, content=[{"type": kind, "text": text}])


CODEX_META = {
    "timestamp": "2026-01-02T03:04:05.678Z",
    "type": "session_meta",
    "payload": {"id": "r1", "timestamp": "2026-01-02T03:04:05Z", "cwd": "/home/someone/shop", "cli_version": "0.9"},
}
CODEX = [
    CODEX_META,
    codex_message("developer", "Be safe."),
    codex_message("user", "<environment_context>\n<cwd>/x</cwd></environment_context>"),
    codex_message("user", "List the files"),
    codex_item(type="reasoning", summary=[{"type": "summary_text", "text": "Hm."}]),
    codex_item(type="function_call", name="shell", arguments='{"command": ["ls"]}', call_id="c1"),
    codex_item(type="function_call_output", call_id="c1", output="README.md"),
    codex_message("assistant", "One file."),
]


def claude_message(uuid: str, sender: str, text: str, **more: Any) -> dict[str, Any]:
    """Return a message of a Claude.ai conversation."""
    return {
        "uuid": uuid,
        "sender": sender,
        "text": "",
        "content": [{"type": "text", "text": text}],
        "created_at": "2025-01-01T00:00:00Z",
        **more,
    }


CLAUDE: dict[str, Any] = {
    "uuid": "k1",
    "name": "A chat",
    "created_at": "2025-01-01T00:00:00Z",
    "updated_at": "2025-01-01T00:01:00Z",
    "account": {"uuid": "secret"},
    "chat_messages": [claude_message("a", "human", "Hello"), claude_message("b", "assistant", "Hi")],
}
SHAREGPT: dict[str, Any] = {
    "id": "identity_0",
    "system": "Be kind.",
    "conversations": [
        {"from": "human", "value": "Who are you?"},
        {"from": "function_call", "value": '{"name": "self", "arguments": {"a": 1}}'},
        {"from": "observation", "value": "a model"},
        {"from": "gpt", "value": "A model."},
    ],
}
ALPACA: dict[str, Any] = {"instruction": "Reverse.", "input": "ab", "output": "ba", "history": [["q", "a"]]}
ANTHROPIC: dict[str, Any] = {
    "model": "claude",
    "max_tokens": 100,
    "system": "Be brief.",
    "messages": [
        {"role": "user", "content": "Capital of France?"},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Hm.", "signature": "x"},
                {"type": "text", "text": "Let me look."},
                {"type": "tool_use", "id": "t1", "name": "capital", "input": {"of": "France"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": "Paris"},
                {"type": "text", "text": "And?"},
            ],
        },
        {"role": "assistant", "content": [{"type": "text", "text": "Paris."}]},
    ],
}
DEEPSEEK: dict[str, Any] = {
    "id": "d1",
    "title": "Ein Gespräch",
    "inserted_at": "2025-01-01T08:00:00+08:00",
    "updated_at": "2025-01-01T08:01:00+08:00",
    "mapping": {
        "root": {"id": "root", "parent": None, "children": ["1"], "message": None},
        "1": {
            "id": "1",
            "parent": "root",
            "children": ["2"],
            "message": {"files": [], "model": "r1", "fragments": [{"type": "REQUEST", "content": "Warum?"}]},
        },
        "2": {
            "id": "2",
            "parent": "1",
            "children": [],
            "message": {
                "model": "r1",
                "inserted_at": "2025-01-01T08:00:30+08:00",
                "fragments": [
                    {"type": "THINK", "content": "Hm."},
                    {"type": "SEARCH", "content": "found"},
                    {"type": "RESPONSE", "content": "Darum."},
                ],
            },
        },
    },
}
EXAMPLES: dict[str, dict[str, bytes]] = {
    "nova": {
        "one.json": as_bytes(NOVA),
        "list.json": as_bytes([NOVA, {**NOVA, "id": "f" * 32}]),
        "lines.jsonl": as_lines(NOVA, {**NOVA, "id": "f" * 32}),
        "hand.yaml": NOVA_YAML,
        "two.yaml": NOVA_YAML + b"---\n" + NOVA_YAML.replace(b"0123", b"4567"),
    },
    "chatgpt": {
        "conversations.json": as_bytes([CHATGPT]),
        "single.json": as_bytes(CHATGPT),
        "wrapped.json": as_bytes({"conversations": [CHATGPT]}),
        "export.zip": zipped(conversations__json=as_bytes([CHATGPT]), user__json=b'{"email": "a@b.c"}'),
    },
    "claude-code": {
        "s1.jsonl": as_lines(*CLAUDE_CODE),
        "web.json": as_bytes({"loglines": CLAUDE_CODE}),
        "cut.jsonl": as_lines(*CLAUDE_CODE)[:-20],
    },
    "codex": {
        "rollout.jsonl": as_lines(*CODEX),
        "old.json": as_bytes(
            {
                "session": {"id": "o1", "timestamp": "2025-04-01T00:00:00Z"},
                "items": [item["payload"] for item in CODEX[1:]],
            }
        ),
        "bare.jsonl": as_lines(
            {"timestamp": "2025-09-10T12:00:00Z", "role": "user", "content": "Branch?", "model": "gpt"},
            {
                "timestamp": "2025-09-10T12:00:01Z",
                "type": "tool_call",
                "function": {"name": "git"},
                "arguments": "status",
            },
            {"timestamp": "2025-09-10T12:00:02Z", "type": "tool_result", "name": "git", "result": "On main"},
            {"timestamp": "2025-09-10T12:00:03Z", "role": "assistant", "content": "main"},
        ),
    },
    "claude": {
        "conversations.json": as_bytes([CLAUDE]),
        "single.json": as_bytes(CLAUDE),
        "export.zip": zipped(
            conversations__json=as_bytes([CLAUDE]),
            users__json=b"[{}]",
            memories__json=b'[{"conversations_memory": ""}]',
        ),
    },
    "sharegpt": {
        "data.json": as_bytes([SHAREGPT, SHAREGPT]),
        "data.jsonl": as_lines(SHAREGPT, SHAREGPT),
        "roles.json": as_bytes(
            [{"conversations": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]}]
        ),
    },
    "alpaca": {"data.json": as_bytes([ALPACA]), "data.jsonl": as_lines(ALPACA, ALPACA)},
    "anthropic": {
        "request.json": as_bytes(ANTHROPIC),
        "requests.jsonl": as_lines(ANTHROPIC, ANTHROPIC),
        "nosystem.json": as_bytes([{"messages": ANTHROPIC["messages"]}]),
    },
    "deepseek": {
        "conversations.json": as_bytes([DEEPSEEK]),
        "export.zip": zipped(conversations__json=as_bytes([DEEPSEEK]), user__json=b'{"mobile": "1"}'),
    },
    "openai": {
        "request.json": as_bytes(OPENAI),
        "messages.json": as_bytes(OPENAI["messages"]),
        "training.jsonl": as_lines(OPENAI, {"messages": OPENAI["messages"][:2]}),
        "batch.jsonl": as_lines({"custom_id": "r1", "method": "POST", "url": "/v1/chat/completions", "body": OPENAI}),
        "dataset.json": as_bytes([OPENAI, OPENAI]),
    },
}
