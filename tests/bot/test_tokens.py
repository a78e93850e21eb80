"""Button tokens: short, safe in every platform's markup, and forged ones are seen for what they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forms.spec import FormRef
from bot.tokens import MAX_BYTES, Token, random_id, token

PART = st.from_regex(r"[A-Za-z0-9-]{1,10}", fullmatch=True)


@given(st.lists(PART, min_size=1, max_size=5))
def test_a_token_comes_back_as_it_was_written(parts):
    written = token(*parts)
    assert Token.parse(written) == Token(parts[0], tuple(parts[1:]))
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,56}", written)


@given(st.text())
def test_any_text_at_all_is_a_token_or_is_none(written):
    parsed = Token.parse(written)
    assert parsed is None or str(parsed) == written


@pytest.mark.parametrize(
    "parts", [("",), ("sign", ""), ("sign", "a_b"), ("sign", "ñ"), ("sign", "a b"), ("s", "a" * MAX_BYTES)]
)
def test_what_no_button_can_carry_is_not_written(parts):
    with pytest.raises(ValueError, match="can't be carried"):
        token(*parts)


def test_a_random_id_is_long_enough_not_to_be_guessed_and_readable_in_any_case():
    ids = {random_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch("[a-z2-7]{16}", each) for each in ids)  # 5 bits a character
    assert {char for each in ids for char in each} == set("abcdefghijklmnopqrstuvwxyz234567")


@given(st.text())
def test_any_text_at_all_is_a_form_or_is_none(written):
    parsed = FormRef.parse(written)
    assert parsed is None or parsed.token == written


def test_a_form_without_an_id_is_none():
    assert FormRef.parse("sign") is None
    assert FormRef.parse("sign_a_b") == FormRef("sign", ("a",), "b")
