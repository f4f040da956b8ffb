"""From a store's URL to its provider: the one place that knows them all."""
