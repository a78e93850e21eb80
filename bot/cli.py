"""The command line: `undersigned …`."""
