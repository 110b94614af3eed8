"""Where facts are kept: the append-only log, its codec, and the vault."""
