"""The whole system on one machine, without containers: real Postgres, real Kafka, every service."""
