"""What is fast, measured beside its limit in the same run: `make bench`, or `make bench ARGS=intake` for some.

A module here with a function `figures` is one benchmark: it yields a `Figure` for each thing that it measures.
`RESULTS.md` holds the newest of each, with the machine it was measured on.
"""
