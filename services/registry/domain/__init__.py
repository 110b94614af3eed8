"""The rules of registering, assessing and recognising, pure: no clock, no I/O, no framework."""
