"""For translators: brings every catalogue up to the messages in the source, and begins new ones.

`make words` updates all languages, `make words ARGS=fr` begins French. What was translated stays; a message whose
English changed a little keeps its translation, marked `fuzzy`, and is said in English until somebody has looked at
it and taken the mark off. A catalogue names neither times, machines nor lines, so that a diff shows words alone.
"""

import io
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as TranslatedMessage
from babel.messages.pofile import read_po, write_po

import bot.words
from bot.words.catalog import LOCALES, Message, Plural

WIDTH = 100


def modules() -> Iterator[ModuleType]:
    """The modules that hold messages, by name."""
    for found in pkgutil.iter_modules(bot.words.__path__):
        if found.name not in {"catalog", "collect"}:
            yield import_module(f"bot.words.{found.name}")


def messages() -> Iterator[tuple[str, Message | Plural]]:
    """Every message with the name of its constant, as `chat.SIGN_BUTTON`, in the order of the source."""
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, Message | Plural):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", value


def template() -> Catalog:
    """All messages, untranslated. Each says which constants hold it."""
    catalogue = Catalog()
    for name, message in messages():
        key = message.text if isinstance(message, Message) else (message.one, message.many)
        catalogue.add(key, auto_comments=[name])
    return catalogue


def read(file: Path) -> Catalog:
    """The catalogue as it is stored."""
    with file.open("rb") as stored:
        return read_po(stored, locale=file.parent.name)


def updated(catalogue: Catalog) -> Catalog:
    """The catalogue with the messages of the source: translations kept, new ones empty, gone ones left out."""
    catalogue.update(template())
    catalogue.obsolete.clear()
    return catalogue


def written(catalogue: Catalog) -> str:
    """The catalogue as it is stored: in the order of the source, with the header that gettext needs."""
    header = (
        f"Language: {catalogue.locale_identifier}",
        f"Plural-Forms: {catalogue.plural_forms}",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
    )
    body = io.BytesIO()
    write_po(body, catalogue, width=WIDTH, no_location=True, omit_header=True, include_previous=True)
    lines = "".join(f'"{line}\\n"\n' for line in header)
    return f'msgid ""\nmsgstr ""\n{lines}\n{body.getvalue().decode().strip()}\n'


def main(languages: Iterable[str], folder: Path = LOCALES) -> Iterator[str]:
    """Update every catalogue in `folder`, beginning those of `languages`. Yields what there is left to do."""
    wanted = {file.parent.name for file in folder.glob("*/messages.po")} | set(languages)
    for language in sorted(wanted):
        if not _known(language):
            yield f"{language}: there is no such language. Write a code of two or three letters, such as fr."
            continue
        file = folder / language / "messages.po"
        catalogue = updated(read(file) if file.exists() else Catalog(language))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written(catalogue), "utf-8")
        yield f"{language}: {_left(catalogue)}"


def _known(language: str) -> bool:
    """Whether this is a language without a region: one catalogue serves all regions of a language."""
    try:
        return Locale.parse(language).language == language
    except (ValueError, UnknownLocaleError):
        return False


def _left(catalogue: Catalog) -> str:
    all_of_it = [message for message in catalogue if message.id]
    missing = sum(not all(forms(message)) for message in all_of_it)
    fuzzy = sum(message.fuzzy for message in all_of_it)
    return f"{len(all_of_it)} messages, {missing} to translate, {fuzzy} to look at again (fuzzy)"


def forms(message: TranslatedMessage) -> tuple[str, ...]:
    """A message's translation, or its translations where there is a plural; empty ones are not there yet."""
    translation = message.string or ""
    return (translation,) if isinstance(translation, str) else tuple(translation)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in main(sys.argv[1:]))
