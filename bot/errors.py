"""What can go wrong and must be said to a person in one clear line. Expected outcomes are results instead."""


class UndersignedError(Exception):
    """Something that a person can mend. Its text is one line: what is wrong, where, and what to do."""


class ConfigError(UndersignedError):
    """The configuration or the key file can't be used as it is."""


class StorageError(UndersignedError):
    """The database can't be used as it is: absent, unreadable, locked, full, or of another schema version."""


class OutdatedError(StorageError):
    """The database has not been made yet, or is of an earlier version: it is to be migrated."""


class LostError(StorageError):
    """Of signatures that are to be listed something is gone, or was altered, though nobody asked to erase it.

    `numbers` are some of theirs, so far as they have any; `count` says how many signatures these are.
    """

    def __init__(self, count: int, numbers: "tuple[int, ...]", message: str) -> None:
        super().__init__(message)
        self.count = count
        self.numbers = numbers


class KeyMismatchError(UndersignedError):
    """What is stored was not encrypted under this key file."""


class PetitionFileError(UndersignedError):
    """A petition file can't be read. `problems` lists each with its line."""

    def __init__(self, problems: "tuple[object, ...]", message: str) -> None:
        super().__init__(message)
        self.problems = problems
