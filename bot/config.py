"""Finding and reading the configuration: `config.toml`, and the environment over it.

Every problem is told at once, a line each, by the name that the person who can mend it knows it by.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict, SettingsError

from bot.errors import ConfigError
from bot.settings import Settings, known_keys

CONFIG_FILE = "config.toml"
ENV_PREFIX = "UNDERSIGNED_"


class _Environment(Settings, BaseSettings):
    """Tells pydantic-settings how keys are written in the environment."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, env_nested_delimiter="__")


def find_file(named: Path | None, *, needed: bool = True) -> Path | None:
    """The config file: the named one, or the one here. None where the environment says enough by itself.

    Raises ConfigError if there is none and one is `needed`.
    """
    file = named or Path(CONFIG_FILE)
    if file.is_file():
        return file.absolute()
    if named is not None and needed:
        raise ConfigError(f"{named}: there is no such config file. Make one: undersigned init (or setup)")
    enough = all(os.environ.get(_variable(key)) for key in ("storage.url", "security.key_file"))
    if needed and not enough:
        raise ConfigError(
            f"There is no {CONFIG_FILE} in this folder. Make one with 'undersigned setup' "
            "(or 'init'), or name one with --config FILE."
        )
    return None


def load(file: Path | None) -> Settings:
    """The settings of this file and the environment. Raises ConfigError with one line for each problem."""
    return over(read(file) if file else {}, file)


def over(document: Mapping[str, Any], file: Path | None) -> Settings:
    """The settings of what stands (or shall stand) in `file`, and the environment. Raises ConfigError."""
    return checked(_merged(document, _environment()), file)


def checked(given: Mapping[str, Any], file: Path | None = None) -> Settings:
    """These values as settings, without a look at the environment. Raises ConfigError."""
    sections: dict[str, object] = {
        name: {} for name, field in Settings.model_fields.items() if field.is_required()
    }
    try:
        folder = file.parent if file else Path.cwd()
        return Settings.model_validate({**sections, **given}, context={"folder": folder})
    except ValidationError as error:
        raise ConfigError("\n".join(_problems(error, file))) from None


def _environment() -> dict[str, Any]:
    """What the environment says, by section; of sections that there are none of, only the name."""
    names = (
        name.upper().removeprefix(ENV_PREFIX) for name in os.environ if name.upper().startswith(ENV_PREFIX)
    )
    sections: dict[str, object] = {name.partition("__")[0].lower(): {} for name in names if "__" in name}
    try:
        return {**sections, **EnvSettingsSource(_Environment)()}
    except SettingsError as error:  # a whole section in one variable
        raise ConfigError(
            f"The environment can't be understood: {error}. Write {_variable('section.key')}"
        ) from None


def read(file: Path) -> dict[str, Any]:
    """What a config file says, unchecked. Raises ConfigError if it is no TOML file."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: not a text file in UTF-8. Save it as plain text") from None
    except OSError as error:
        raise ConfigError(f"{file}: can't be read: {error.strerror}") from None


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _problems(error: ValidationError, file: Path | None) -> Iterator[str]:
    for problem in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in problem["loc"])
        yield f"{_origin(key, file)}: {_sentence(problem['type'], problem['msg'], key)}"


def _origin(key: str, file: Path | None) -> str:
    """Where a value came from, as the person who can mend it knows it."""
    inside = f"{_variable(key)}__"
    named = in_environment(key) or next(
        (name for name in os.environ if name.upper().startswith(inside)), None
    )
    return named or f"{file or 'the environment'}: {key}"


def in_environment(key: str) -> str | None:
    """The environment variable that sets this key, if one does."""
    return next((name for name in os.environ if name.upper() == _variable(key)), None)


def _variable(key: str) -> str:
    return ENV_PREFIX + key.replace(".", "__").upper()


_SENTENCES = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must not be negative",
    "less_than_equal": "is too large a number",
    "string_too_long": "is too long",
    "path_type": "must be a file name in quotes",
    "model_type": "must be a section with keys of its own",
    "model_attributes_type": "must be a section with keys of its own",
}


def _sentence(kind: str, message: str, key: str) -> str:
    if kind == "extra_forbidden":
        peers = known_keys() if "." in key else Settings.model_fields
        near = get_close_matches(key, peers, n=1) or [one for one in known_keys() if one.endswith(f".{key}")]
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"there is no such key{hint}"
    return _SENTENCES.get(kind, message.removeprefix("Value error, "))
