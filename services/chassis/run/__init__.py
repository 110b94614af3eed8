"""How a process lives: settings, database, life cycle, telemetry."""
