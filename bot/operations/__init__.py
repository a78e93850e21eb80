"""What the command line does, one file per group of commands. Its sentences, in English, are where they are said.

Nothing heavy is imported before a command runs: `undersigned --help` must answer at once.
"""
