"""A key that stands for the very same object: what looks alike is another."""

import gc

from bot.same import Same


def test_only_the_very_same_is_equal():
    letter, copy = ["Dear council"], ["Dear council"]
    assert Same(letter) == Same(letter)
    assert hash(Same(letter)) == hash(Same(letter))
    assert Same(letter) != Same(copy)
    assert Same(letter) != letter


def test_what_a_key_stands_for_lives_as_long_as_the_key():
    kept = {Same([number]): number for number in range(100)}
    gc.collect()
    assert [key.value for key in kept] == [[number] for number in range(100)]
