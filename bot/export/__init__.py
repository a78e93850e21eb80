"""Handing on the list of signers: one writer per format, over one stream of rows, in constant memory.

docs/export-format.md describes what is in each file. Nothing here writes a name to a file that others may read, or
that stays behind when the program is killed: see `bot.export.files`.
"""
