"""Chat file formats: importers and exporters as pure functions."""
