"""Chat in the terminal: the worked example of an adapter."""
