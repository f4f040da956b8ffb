"""Session storage: the contract and its providers."""
