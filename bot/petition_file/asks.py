"""The petition's question in a petition file: in its own language, and in each translation that has it."""

from collections.abc import Iterator

from bot.model.petition import Ask, AskText
from bot.petition_file import limits
from bot.petition_file.keys import Table
from bot.petition_file.names import language_code
from bot.words import petition_file as said


def read_ask(root: Table) -> Ask | None:
    """The question with its translations; one without the question in the petition's own language is told."""
    own = _words(root)
    translations = tuple(_translated(root, own))
    return Ask(*own, translations) if own else None


def _translated(root: Table, own: tuple[str, tuple[str, ...]] | None) -> Iterator[AskText]:
    for code, inner in _translations(root):
        words, language = _words(inner), language_code(code)
        if words is None or language is None:
            continue
        if own is None:
            inner.refuse("ask", said.ASK_ONLY_TRANSLATED)
        elif len(words[1]) != len(own[1]):
            inner.refuse("ask", said.OTHER_OPTIONS, count=len(own[1]))
        else:
            yield AskText(language, *words)


def _translations(root: Table) -> Iterator[tuple[str, Table]]:
    """Tables only: what else stands there is told by whoever reads the translations."""
    if isinstance(root.values.get("translations"), dict):
        tables = root.table("translations")
        for code, value in tables.values.items() if tables else ():
            inner = tables.table(code) if tables and isinstance(value, dict) else None
            if inner is not None:
                yield code, inner


def _words(root: Table) -> tuple[str, tuple[str, ...]] | None:
    table = root.table("ask")
    if table is None:
        return None
    table.check_keys(("question", "options"))
    question = table.required_line("question", limits.QUESTION)
    options = table.texts("options", limits.OPTION)
    given = table.values.get("options", [])
    if isinstance(given, list) and len(given) not in limits.OPTIONS:
        table.refuse("options", said.HOW_MANY_OPTIONS, least=limits.OPTIONS[0], most=limits.OPTIONS[-1])
    if len({option.casefold() for option in options}) != len(options):
        table.refuse("options", said.OPTION_TWICE)
    return question, options
