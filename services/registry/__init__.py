"""The registry: who registered for which learning title, and what was recognised."""
