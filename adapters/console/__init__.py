"""Chat in the terminal: the worked example of an adapter."""

from adapters.console.adapter import Console

__all__ = ["Console"]
