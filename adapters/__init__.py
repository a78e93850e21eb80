"""One folder per platform: its events in, core answers out, and nothing else."""
