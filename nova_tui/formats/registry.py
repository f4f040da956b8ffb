"""All formats by name, and telling which one a file is: content first, the file's name only between several."""

from __future__ import annotations

from typing import Final

from nova_tui.domain.errors import FormatError
from nova_tui.formats.alpaca import AlpacaImporter
from nova_tui.formats.anthropic import AnthropicImporter
from nova_tui.formats.anthropic_export import AnthropicExporter
from nova_tui.formats.chatgpt import ChatGPTImporter
from nova_tui.formats.chatml import ChatMLExporter
from nova_tui.formats.claude_ai import ClaudeAIImporter
from nova_tui.formats.claude_code import ClaudeCodeImporter
from nova_tui.formats.codex import CodexImporter
from nova_tui.formats.deepseek import DeepSeekImporter
from nova_tui.formats.format import Exporter, Importer
from nova_tui.formats.html import HtmlExporter
from nova_tui.formats.markdown import MarkdownExporter
from nova_tui.formats.nova import NovaImporter, NovaJsonExporter, NovaJsonlExporter, NovaYamlExporter
from nova_tui.formats.open_webui import OpenWebUIExporter
from nova_tui.formats.openai import OpenAIImporter
from nova_tui.formats.openai_export import OpenAIJsonExporter, OpenAIJsonlExporter
from nova_tui.formats.sharegpt import ShareGPTExporter, ShareGPTImporter
from nova_tui.formats.source import Source
from nova_tui.formats.text import TextExporter

IMPORTERS: Final[dict[str, Importer]] = {
    importer.name: importer
    for importer in (
        NovaImporter(),
        ChatGPTImporter(),
        DeepSeekImporter(),
        CodexImporter(),
        ClaudeCodeImporter(),
        ClaudeAIImporter(),
        ShareGPTImporter(),
        AlpacaImporter(),
        AnthropicImporter(),
        OpenAIImporter(),
    )
}
"""Importers by name, in the order in which a file is tried against them."""

EXPORTERS: Final[dict[str, Exporter]] = {
    exporter.name: exporter
    for exporter in (
        NovaJsonExporter(),
        NovaJsonlExporter(),
        NovaYamlExporter(),
        OpenAIJsonExporter(),
        OpenAIJsonlExporter(),
        ShareGPTExporter(),
        ChatMLExporter(),
        AnthropicExporter(),
        OpenWebUIExporter(),
        MarkdownExporter(),
        TextExporter(),
        HtmlExporter(),
    )
}
"""Exporters by name."""

UNKNOWN: Final = "it is none of the formats that can be read"
"""Why a file is not read that can be read but holds nothing known."""
_CLOSED: Final = {
    "empty": "the file is empty",
    "gzip": "it is compressed with gzip; unpack it first",
    "zstd": "it is compressed with zstd; unpack it first (zstd -d)",
    "sqlite": "it is an SQLite database of a kind that is not known here",
}


def importer_named(name: str) -> Importer:
    """Return the importer of that name; raise FormatError."""
    if name not in IMPORTERS:
        raise FormatError(f"{name} is not a format that can be read; use one of {', '.join(IMPORTERS)}")
    return IMPORTERS[name]


def exporter_named(name: str) -> Exporter:
    """Return the exporter of that name; raise FormatError."""
    if name not in EXPORTERS:
        raise FormatError(f"{name} is not a format that can be written; use one of {', '.join(EXPORTERS)}")
    return EXPORTERS[name]


def detect(source: Source) -> Importer:
    """Return the importer that the content calls for; raise FormatError that says why there is none."""
    refusal: FormatError | None = None
    found = []
    for importer in IMPORTERS.values():
        try:
            if importer.matches(source):
                found.append(importer)
        except FormatError as error:
            refusal = refusal or error
    if len(found) > 1:
        ending = source.name.lower()
        return next((importer for importer in found if ending.endswith(importer.extensions)), found[0])
    if found:
        return found[0]
    raise refusal or _unknown(source)


def _unknown(source: Source) -> FormatError:
    """Return why a file is no known format: it cannot be read at all, or it holds something else."""
    try:
        kind = source.kind
        if kind in _CLOSED:
            return FormatError(_CLOSED[kind])
        if kind == "json":
            _ = source.document
        if kind == "jsonl" and not source.mappings:
            _ = list(source.entries())
        if kind == "yaml":
            _ = source.yaml_documents
        if kind == "zip":
            _ = source.archive
            return FormatError("there is no conversation of a known format in the archive")
    except FormatError as error:
        return error
    return FormatError(UNKNOWN)
