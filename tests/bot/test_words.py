"""The words: complete in every language, the same in what they say, and in one place."""

import ast
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import COMMANDS
from bot.document import Moment, Span, plain
from bot.words import catalog, chat, collect, formats, po, reviewing
from bot.words.catalog import Message, Plural, Words

ROOT = Path(__file__).parents[2]
MESSAGES = dict(collect.messages())
LANGUAGES = catalog.languages()
TRANSLATED = LANGUAGES[1:]
CATALOGUES = {language: catalog.LOCALES / language / "messages.po" for language in TRANSLATED}


def pairs(language):
    """Each message of a catalogue beside each form of its translation."""
    for entry in collect.read(CATALOGUES[language]):
        for at, said in enumerate(collect.forms(entry) if entry.id else ()):
            yield (entry.id if isinstance(entry.id, str) else entry.id[min(at, 1)]), said


def placeholders(text):
    """(name, conversion, format) of each, in no order."""
    return sorted((name, spec, conversion) for _, name, spec, conversion in Formatter().parse(text) if name)


# --- catalogues ---


def test_the_product_speaks_english_and_spanish():
    assert LANGUAGES[:1] == ("en",)
    assert "es" in LANGUAGES


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_looked_at(language):
    stored = [entry for entry in collect.read(CATALOGUES[language]) if entry.id]
    assert [entry.id for entry in stored if not all(collect.forms(entry))] == []
    assert [entry.id for entry in stored if entry.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_as_make_words_would_write_it(language):
    """So it has exactly the messages of the source, in their order, and nothing obsolete."""
    file = CATALOGUES[language]
    assert file.read_text("utf-8") == collect.written(collect.updated(collect.read(file))), "run: make words"


KEPT = [
    placeholders,
    lambda text: sorted(re.findall(r"/[a-z]+", text)),  # commands
    lambda text: sorted(re.findall(r"`[a-z:+-]+`|`## Letter`", text)),  # what stands in a petition file
    lambda text: re.findall(r"[.:?!)]$", text),
    lambda text: text.strip() == text and "  " not in text,
]


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_placeholders_commands_keys_and_the_stop_at_its_end(language):
    changed = [
        (source, said) for source, said in pairs(language) if any(kept(source) != kept(said) for kept in KEPT)
    ]
    assert changed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_plain_names_and_nothing_is_printf(language):
    t = Words(language)
    for text in {t._template(message, count) for message in MESSAGES.values() for count in (0, 1, 2, 1000)}:
        assert all(
            re.fullmatch("[a-z_]+", name) and not spec and not conversion
            for name, spec, conversion in placeholders(text)
        )
        assert not re.search(r"%[sdifrx(]|%\w*\$", text)


def test_both_forms_of_a_plural_say_the_same_but_for_the_count():
    plurals = {name: message for name, message in MESSAGES.items() if isinstance(message, Plural)}
    said = [
        {name for name, *_ in placeholders(each)}
        for message in plurals.values()
        for each in (message.one, message.many)
    ]
    assert all(one ^ many <= {"count"} for one, many in zip(said[::2], said[1::2], strict=True))


# --- constants ---


def sources(*folders):
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if ROOT / "bot" / "words" not in file.parents:
                yield file, ast.parse(file.read_text("utf-8"))


def used(tree):
    """The constants of bot.words that a module refers to, as `chat.SIGN_BUTTON`."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules = {
        alias.asname or alias.name: alias.name
        for each in imports
        if each.module == "bot.words"
        for alias in each.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield f"{modules[node.value.id]}.{node.attr}"
    for each in imports:
        if (each.module or "").startswith("bot.words."):
            yield from (f"{each.module.removeprefix('bot.words.')}.{alias.name}" for alias in each.names)


def test_every_message_is_said_somewhere():
    said = {name for _, tree in sources("bot", "adapters") for name in used(tree)}
    assert sorted(MESSAGES.keys() - said) == []


def test_messages_are_constants_of_the_modules_of_bot_words():
    for module in collect.modules():
        tree = ast.parse(Path(module.__file__).read_text("utf-8"))
        marked = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"N_", "P_"}
        ]
        constants = [
            node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id.isupper()
        ]
        assert all(call in constants for call in marked), module.__name__
    elsewhere = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file, tree in sources("bot", "adapters")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"N_", "P_"}
    ]
    assert elsewhere == []


# --- nothing is said but through bot.words ---

CHATTING = ("commands", "forms", "pages")
CHATTING_FILES = {"asking.py", "choosing.py", "comments.py", "core.py", "turn.py"}
PROSE = re.compile(r"[^\W\d_]{2,}[,.:;?!…]? [^\W\d_]{2,}|[A-Z][a-z]+[.!?:]?$")
SHOWN = {  # what is made of these is read by people
    *("Button", "Choice", "Code", "Fact", "Field", "Form", "Offer", "Prompt", "Span"),
    *("facts", "heading", "paragraph", "text"),
}
SHOWN_BY_PLATFORMS = {"caption", "content", "description", "label", "placeholder", "text", "title"}


def literals(nodes):
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and PROSE.search(each.value):
                yield each


def unsaid(tree):
    """Literals that nobody in a chat reads: docstrings, and what is raised or logged."""
    for node in ast.walk(tree):
        logs = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Raise) or (logs and node.func.attr in {"error", "info", "warning"}):
            yield from literals([node])


def test_the_core_says_nothing_in_words_of_its_own():
    core = [*(ROOT / "bot" / folder for folder in CHATTING), ROOT / "bot"]
    found = [
        f"{file.relative_to(ROOT)}:{literal.lineno}: {literal.value}"
        for file, tree in sources("bot")
        if file.parent in core[:-1] or file.name in CHATTING_FILES
        for silent in [{id(each) for each in unsaid(tree)}]
        for literal in literals([tree])
        if id(literal) not in silent and not annotation(literal.value)
    ]
    assert found == []


def annotation(value):
    """A forward reference such as "Token | None"."""
    return re.fullmatch(r"[A-Z]\w+( \| None)?", value) is not None


def test_adapters_say_nothing_in_words_of_their_own():
    """What is shown in a chat is made of messages; `checking` and `platform` speak to operators, on a terminal."""
    found = []
    for file, tree in sources("adapters"):
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        if file.stem in {"checking", "platform"}:
            continue
        for call in calls:
            made = getattr(call.func, "id", getattr(call.func, "attr", ""))
            shown = [each.value for each in call.keywords if each.arg in SHOWN_BY_PLATFORMS]
            shown += [*call.args, *(each.value for each in call.keywords)] if made in SHOWN else []
            found += [f"{file.relative_to(ROOT)}:{each.lineno}: {each.value}" for each in literals(shown)]
    assert found == []


# --- sizes that platforms set ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_and_arguments_are_described_in_a_hundred_characters(language):
    t = Words(language)
    described = [each.description for spec in COMMANDS for each in (spec, *spec.arguments)]
    assert [t(each) for each in described if not 1 <= len(t(each)) <= 100] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("ending", "most"), [("_BUTTON", 80), ("_ACTION", 80), ("_LABEL", 45), ("_TITLE", 45), ("_HINT", 100)]
)
def test_buttons_labels_titles_and_hints_fit_where_platforms_put_them(language, ending, most):
    """Discord's limits: 80 for a button, 45 for a label or the title of a form, 100 for a hint.

    What is filled in may be longer, and an adapter cuts it; without it there must be room for some of it.
    """
    t = Words(language)
    short = {name: message for name, message in MESSAGES.items() if name.endswith(ending)}
    empty = {name: "" for message in short.values() for name, *_ in placeholders(message.text)}
    said = [t(message, **{**empty, "limit": 500}) for message in short.values()]
    assert short
    assert [each for each in said if not 1 <= len(each) <= most] == []


# --- numbers, dates, plurals ---


@pytest.mark.parametrize(
    ("locale", "count", "said"),
    [
        ("en", 0, "0 have signed"),
        ("en", 1, "1 has signed"),
        ("en", 2, "2 have signed"),
        ("en", 1234, "1,234 have signed"),
        ("es", 0, "0 personas han firmado"),
        ("es", 1, "1 persona ha firmado"),
        ("es", 2, "2 personas han firmado"),
        ("es-ES", 1234567, "1.234.567 personas han firmado"),
        ("es-MX", 1234, "1,234 personas han firmado"),
        ("es_419", 1234, "1,234 personas han firmado"),
    ],
)
def test_counts_take_the_plural_and_the_separators_of_the_readers_locale(locale, count, said):
    assert Words(locale)(chat.SIGNED_COUNT, count=count) == said


@pytest.mark.parametrize(
    ("locale", "day", "instant"),
    [
        ("en", "March 8, 2026", "March 8, 2026, 12:05 UTC"),
        ("en-GB", "8 March 2026", "8 March 2026, 12:05 UTC"),
        ("es-CO", "8 de marzo de 2026", "8 de marzo de 2026, 12:05 UTC"),
    ],
)
def test_days_and_instants_are_written_as_the_reader_does_and_name_their_zone(locale, day, instant):
    t = Words(locale)
    assert t.value(date(2026, 3, 8)) == day
    assert t.value(datetime(2026, 3, 8, 12, 5, tzinfo=UTC)) == instant


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("es-419", "Firmar"),
        ("es_MX", "Firmar"),
        ("ES", "Firmar"),
        ("en-AU", "Sign"),
        ("pt-BR", "Sign"),
        ("zz", "Sign"),
        ("", "Sign"),
        ("-", "Sign"),
        ("es; DROP TABLE", "Sign"),
        ("../../es", "Sign"),
        ("x" * 5000, "Sign"),
    ],
)
def test_any_locale_gets_its_language_or_else_english(locale, said):
    assert Words(locale)(chat.SIGN_BUTTON) == said


@given(st.text())
def test_no_locale_is_an_error(locale):
    t = Words(locale)
    assert t(chat.SIGNED_COUNT, count=1234)
    assert t.value(datetime(2026, 3, 8, tzinfo=UTC)).endswith("UTC")


# --- values ---

HOSTILE = ["{count}", "{0.__class__}", "{name!r:>99}", "{", "}}", "%s", "%(name)s", "{title"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_type_is_never_taken_for_a_placeholder(language, value):
    t = Words(language)
    assert value in t(chat.SIGN_AS, name=value)
    assert value in plain((t.paragraph(chat.TOTALS_NOT_COUNTED, list=value),))


@given(st.text())
def test_any_text_is_said_as_it_is(value):
    assert Words("es")(chat.SIGN_AS, name=value) == f"Firmar como {value}"


def test_inlines_keep_values_in_their_style_and_instants_for_the_platform():
    at, bold = Moment(datetime(2026, 3, 8, tzinfo=UTC)), Span("Ana", bold=True)
    for when in (at, at.at):
        assert Words("en").inlines(chat.TOTALS_AS_OF, when=when) == (Span("As of "), at, Span("."))
    assert Words("es").inlines(chat.SIGN_AS, name=bold) == (Span("Firmar como "), bold)
    assert Words("es").inlines(chat.SIGNED_OF_GOAL, count=2, goal=1000) == (
        Span("2"),
        Span(" firmas de "),
        Span("1.000"),
    )
    assert Words("en").aside(chat.MORE_BUTTON).quiet


def test_a_value_that_is_missing_is_a_fault_of_ours_and_shows_at_once():
    with pytest.raises(KeyError):
        Words("en")(chat.SIGN_AS)
    with pytest.raises(KeyError):
        Words("en").inlines(chat.SIGN_AS)


# --- what translators write ---


MESSAGE = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)


@given(
    st.dictionaries(MESSAGE, st.text(st.characters(codec="utf-8")) | st.tuples(MESSAGE, MESSAGE)), st.data()
)
def test_a_catalogue_says_what_its_translators_wrote(said, data):
    """Babel, which writes it, is what they work with. Whatever is marked as fuzzy is not said."""
    stored, fuzzy = Catalog("es"), data.draw(st.sets(st.sampled_from(sorted(said)))) if said else set()
    for text, forms in said.items():
        id_ = text if isinstance(forms, str) else (text, "many")
        stored.add(id_, forms, flags=["fuzzy"] if text in fuzzy else [])
    written = collect.written(stored)
    expected = {text: forms for text, forms in said.items() if text not in fuzzy}
    found = po.read(io.StringIO(written))
    assert {
        text: forms if isinstance(expected[text], tuple) else forms[0]
        for text, forms in found.items()
        if text
    } == expected


def test_a_catalogue_without_a_rule_for_plurals_goes_by_the_english_one():
    forms = {count: formats.rule("Language: es\n")(count) for count in (0, 1, 2)}
    assert forms == {0: 1, 1: 0, 2: 1}


# --- for translators ---


def begun(folder, language="fr"):
    said = list(collect.main([language], folder))
    return said, folder / language / "messages.po"


def test_a_new_language_begins_with_every_message_untranslated(tmp_path):
    said, file = begun(tmp_path)
    count = len({m.text if isinstance(m, Message) else m.one for m in MESSAGES.values()})
    assert said == [f"fr: {count} messages, {count} to translate, 0 to look at again (fuzzy)"]
    assert '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"' in file.read_text("utf-8")


def test_updating_keeps_translations_and_touches_nothing_else(tmp_path):
    _, file = begun(tmp_path)
    file.write_text(
        file.read_text("utf-8").replace('msgid "Sign"\nmsgstr ""', 'msgid "Sign"\nmsgstr "Signer"')
    )
    before = file.read_text("utf-8")
    assert [line.startswith("fr:") for line in collect.main([], tmp_path)] == [True]
    assert file.read_text("utf-8") == before
    assert "Signer" in before


def test_a_message_that_changed_a_little_is_to_be_looked_at_and_one_that_is_gone_goes(tmp_path):
    _, file = begun(tmp_path)
    earlier = file.read_text("utf-8").replace(
        'msgid "Read the letter"\nmsgstr ""', 'msgid "Read this letter"\nmsgstr "Lire la lettre"'
    )
    file.write_text(earlier + '\nmsgid "Entirely gone by now, or so"\nmsgstr "Disparu"\n')
    (said,) = collect.main([], tmp_path)
    assert said.endswith("1 to look at again (fuzzy)")
    assert 'msgid "Read the letter"\nmsgstr "Lire la lettre"' in file.read_text("utf-8")
    assert "Disparu" not in file.read_text("utf-8")


@pytest.mark.parametrize("language", ["xx", "pt_BR", "../fr", "French", ""])
def test_what_is_no_language_gets_no_catalogue(tmp_path, language):
    said, file = begun(tmp_path / "locale", language)
    assert "no such language" in said[0]
    assert not file.exists()


def test_a_catalogue_names_no_time_no_machine_and_no_line(tmp_path):
    _, file = begun(tmp_path)
    text = file.read_text("utf-8")
    assert not re.search(r"Date|Generated-By|Translator|^#: ", text, re.MULTILINE)
    assert "#. chat.SIGN_BUTTON\n" in text


@pytest.mark.parametrize("locale", ["fr", "fr-CA", "de", "ar"])
def test_who_reads_english_because_nothing_else_is_there_reads_english_numbers_too(locale):
    t = Words(locale)
    assert t(reviewing.BACKLOG, count=12345) == "12,345 signatures wait for you."
    assert t.value(date(2026, 3, 8)) == "March 8, 2026"
    assert t.percent(50) == "50%"


def test_regions_of_a_language_that_is_spoken_keep_their_own_numbers():
    said = [Words(locale)(reviewing.BACKLOG, count=12345) for locale in ("es", "es-MX")]
    assert ["12.345" in said[0], "12,345" in said[1]] == [True, True]
