"""For whoever watches over the process: metrics for Prometheus, and whether it lives and is ready."""

from adapters.monitoring.server import serving

__all__ = ["serving"]
