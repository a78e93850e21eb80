"""Petition files as bytes: what is no text, foreign encodings, hostile characters, unreadable files."""

from pathlib import Path

import pytest

from bot.errors import PetitionFileError
from bot.petition_file.problem import Severity
from bot.petition_file.source import LIMIT, read_file
from bot.words import petition_file as said
from bot.words.catalog import Words
from tests.bot.petition_files import WHOLE, only_error, read, with_keys


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", said.EMPTY),
        (b" \r\n\t\n", said.EMPTY),
        (b"\xef\xbb\xbf\n", said.EMPTY),
        ("\u3000\n\u00a0".encode(), said.EMPTY),
        (b"a" * (LIMIT + 1), said.TOO_LARGE),
        (bytes(range(256)), said.BINARY),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x01", said.BINARY),
        (b"%PDF-1.7\n", said.A_PDF),
        (b"PK\x03\x04\x14\x00", said.AN_OFFICE_FILE),
        (b"{\\rtf1\\ansi Hello}", said.AN_OFFICE_FILE),
        (b"\n<!DOCTYPE html><p>x", said.A_WEB_PAGE),
        (WHOLE.encode("utf-16"), said.UTF16),
        ("Спасите".encode("utf-16"), said.UTF16),
        (WHOLE.encode("utf-16-le"), said.UTF16),
        (WHOLE.encode("utf-16-be"), said.UTF16),
    ],
)
def test_what_is_no_text_is_one_clear_line(data, message):
    assert only_error(data).message == message


@pytest.mark.parametrize("encoding", ["Windows-1252", "Windows-1251"])
def test_another_encoding_is_named_with_the_line(encoding):
    title = "Añadir" if encoding == "Windows-1252" else "Спасите библиотеку в нашем городе"
    error = only_error(f"\n\n{title}\n\nTo: x\n\n".encode(encoding))
    assert error.line == 3
    assert encoding in error.said(Words())


@pytest.mark.parametrize(
    ("character", "message"),
    [
        ("\x07", said.CONTROL_CHARACTER),
        ("\x1b", said.CONTROL_CHARACTER),
        ("\x85", said.CONTROL_CHARACTER),
        ("\u2028", said.CONTROL_CHARACTER),
        ("\U0001ffff", said.CONTROL_CHARACTER),
        ("\u202e", said.DIRECTION_OVERRIDE),
        ("\u2066", said.DIRECTION_OVERRIDE),
        ("\ufffd", said.LETTER_LOST),
        ("e" + "\u0302\u0327\u0331\u0332\u0333\u0347\u0348\u0349", said.STACKED_MARKS),
    ],
)
@pytest.mark.parametrize("place", ["open", "to keep it"])
def test_hostile_characters_are_refused_with_their_line(character, message, place):
    error = only_error(WHOLE.replace(place, f"op{character}en", 1))
    assert error.message == message
    assert error.line == (2 if place == "open" else 38)


def test_hostile_characters_on_many_lines_are_told_in_few():
    reading = read(with_keys('title = "abc"', 'to = "y"', letter="a\x07\n" * 1000))
    assert len(reading.errors) == 6
    assert reading.errors[0].said(Words()) == "995 more lines have such characters"


def test_invisible_characters_that_came_with_the_text_are_taken_out_and_noted():
    reading = read(WHOLE.replace("library open", "lib\u00adrary\u200b open\ufeff", 1))
    assert reading.content == read(WHOLE).content
    assert [(note.line, note.message) for note in reading.notes] == [(2, said.INVISIBLE_TAKEN_OUT)]


@pytest.mark.parametrize(
    "word", ["ไทย\u200bไทย", "क्\u200dष", "نمی\u200cخواهم", "\U0001f3f4\U000e0067\U000e007f", "שלום\u200f"]
)
def test_what_a_script_or_a_flag_needs_stays(word):
    reading = read(with_keys('title = "abc"', 'to = "y"', letter=word + " word"))
    assert reading.problems == ()
    assert reading.content.texts[0].letter == word + " word"


# ------------------------------------------------------------------------------------------- files


def test_a_file_is_read_whole(tmp_path):
    (tmp_path / "a.md").write_bytes(WHOLE.encode())
    assert read_file(tmp_path / "a.md") == WHOLE.encode()


def test_of_a_huge_file_no_more_is_read_than_shows_that_it_is_too_large(tmp_path):
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(50_000_000)
    data = read_file(tmp_path / "a.md")
    assert len(data) == LIMIT + 1
    assert only_error(data).message == said.TOO_LARGE


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.md", "there is no such file"),
        (".", "is a folder"),
        ("x" * 300, "can't be read"),
        ("a\0b", "can't be read"),
        ("file/below", "can't be read"),
    ],
)
def test_what_can_not_be_opened_is_one_clear_line(tmp_path, name, words):
    (tmp_path / "file").write_text("x")
    with pytest.raises(PetitionFileError, match=words) as caught:
        read_file(tmp_path / name)
    assert "\n" not in str(caught.value)
    assert caught.value.problems[0].severity is Severity.ERROR


class Forbidden(type(Path())):
    """A file of somebody else. (The tests may run as root, who may read everything.)"""

    def open(self, *_, **__):
        raise PermissionError(13, "Permission denied")


def test_a_file_that_may_not_be_read_is_one_clear_line():
    with pytest.raises(PetitionFileError, match="reading it is not permitted"):
        read_file(Forbidden("secret.md"))
