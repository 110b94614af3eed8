"""The rules of training, pure: no clock, no I/O, no framework."""
