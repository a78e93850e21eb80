"""Everything that Undersigned says to people, in one place."""
