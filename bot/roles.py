"""Who may do what. The core checks every command and every button, whatever a platform shows or hides."""

from enum import IntEnum


class Role(IntEnum):
    """What somebody is in the place where they speak. Each may do what those before it may."""

    SIGNER = 1
    MODERATOR = 2
    ORGANISER = 3
