"""The statistics themselves, one file for each service they come from."""
