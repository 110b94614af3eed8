"""The generated province: a client of the public APIs, nothing else."""
