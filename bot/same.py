"""Keys for caches of what is computed from large values that many events share, such as a letter's blocks.

Comparing or hashing such a value costs as much as what is to be saved; asking whether it is the very same does not.
"""

from typing import Generic, TypeVar

T = TypeVar("T")


class Same(Generic[T]):
    """Equal to another if both hold the very same object, which lives for as long as the key does."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)
