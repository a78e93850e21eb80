"""The petition's question, in its own language and in translations."""

import pytest

from bot.model.petition import Ask, AskText
from bot.petition_file.write import write_petition
from tests.bot.petition_files import lines, read

FILE = """+++
title = "Keep it open"
to = "The mayor"
{ask}
[translations.es]
title = "Que siga abierta"
to = "La alcaldía"
letter = "Le pedimos."
{translated}
+++
## Letter

We ask.
"""
OWN = 'ask = { question = "Where?", options = ["North", "South"] }'
SPANISH = 'ask = { question = "¿Dónde?", options = ["Norte", "Sur"] }'


def file(ask=OWN, translated=SPANISH):
    return read(FILE.format(ask=ask, translated=translated))


def test_a_translation_may_ask_the_question_in_its_own_words():
    asked = Ask("Where?", ("North", "South"), (AskText("es", "¿Dónde?", ("Norte", "Sur")),))
    assert file().content.ask == asked
    assert asked.said("es-MX") == ("¿Dónde?", {"North": "Norte", "South": "Sur"})
    assert asked.said("fr") == ("Where?", {"North": "North", "South": "South"})


def test_a_translation_need_not_ask_it():
    assert file(translated="").content.ask == Ask("Where?", ("North", "South"))


def test_it_is_written_and_read_back():
    content = file().content
    assert read(write_petition(content)).content == content


@pytest.mark.parametrize(
    ("ask", "translated", "said"),
    [
        ("", SPANISH, "does not ask"),
        (OWN, 'ask = { question = "¿Dónde?", options = ["Norte", "Sur", "Este"] }', "same 2 answers"),
        (OWN, 'ask = { question = "", options = ["Norte", "Sur"] }', "question"),
    ],
)
def test_a_question_that_does_not_fit_is_told_once(ask, translated, said):
    reading = file(ask, translated)
    assert reading.content is None
    assert len(reading.errors) == 1
    assert said in lines(reading)[0]
