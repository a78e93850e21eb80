"""Finding and reading the configuration: `config.toml`, and the environment over it.

Every problem is told at once, a line each, by the name that the person who can mend it knows it by.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import configurable
from bot.errors import ConfigError
from bot.settings import Settings, known_keys

CONFIG_FILE = "config.toml"
ENV_PREFIX = "UNDERSIGNED_"


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
    wrong: dict[str, str] = {}
    settings = configurable.read(Settings, given, file.parent if file else Path.cwd(), wrong)
    if wrong:
        raise ConfigError(
            "\n".join(f"{_origin(key, file)}: {why}{_hint(key, why)}" for key, why in wrong.items())
        )
    return settings


def _environment() -> dict[str, Any]:
    """What the environment says, by section. Raises ConfigError for a whole section in one variable."""
    ours = {name: name.upper().removeprefix(ENV_PREFIX).lower() for name in os.environ if _is_ours(name)}
    keys = known_keys()
    found: dict[str, Any] = {}
    for name, key in ours.items():
        section, inside, inner = key.partition("__")
        if inside:
            found[section] = {**found.get(section, {}), inner: os.environ[name]}
        elif any(one.startswith(f"{key}.") for one in keys):
            raise ConfigError(
                f"{name}: is a section. Write {_variable('section.key')}, a variable for each key"
            )
    return found | {key: os.environ[name] for name, key in ours.items() if key in keys}


def _is_ours(name: str) -> bool:
    return name.upper().startswith(ENV_PREFIX)


def read(file: Path) -> dict[str, Any]:
    """What a config file says, unchecked. Raises ConfigError if it is no TOML file."""
    import tomllib  # noqa: PLC0415  for those who have a file

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


def _hint(key: str, why: str) -> str:
    """Which key may have been meant by one that there is not."""
    if why != configurable.NO_SUCH_KEY:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415  for those who mistyped

    known = known_keys()
    peers = known if "." in key else {one.partition(".")[0] for one in known}
    near = get_close_matches(key, peers, n=1) or [one for one in known if one.endswith(f".{key}")]
    return f"; did you mean {near[0]}?" if near else ""
