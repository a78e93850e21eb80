"""The composition root: the one place that wires adapters and storage to the core."""
