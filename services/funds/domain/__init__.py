"""The rules of funds, pure: no clock, no I/O, no framework."""
