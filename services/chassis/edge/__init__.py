"""How people and services ask: HTTP, gRPC, tokens, problems."""
