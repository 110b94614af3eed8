"""One struct and one handler per use case: load, ask the domain, save."""
