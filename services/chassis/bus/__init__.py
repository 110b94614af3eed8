"""How facts travel: envelope, relay, consumer, parking."""
