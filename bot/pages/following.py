"""What a community set: the page that shows it, and the choices for each setting."""

from collections.abc import Mapping
from types import MappingProxyType

from babel import Locale
from babel.dates import get_timezone_location

from bot.answer import Button, Choice
from bot.document import Block, facts, heading
from bot.model.community import Follow, Hears, Rhythm, Standing, Wishes
from bot.model.petition import Petition
from bot.outbox.schedule import ZONES, zone_of
from bot.words import outreach
from bot.words.catalog import Message, Words, languages

HEARS, DIGEST, QUIET, ZONE, LANGUAGE, PIN = "hears", "digest", "quiet", "zone", "language", "pin"
MOVES = "moves"

_HEARS: Mapping[Hears, Message] = MappingProxyType(
    {
        Hears.ALL: outreach.HEARS_ALL,
        Hears.MILESTONES: outreach.HEARS_MILESTONES,
        Hears.NONE: outreach.HEARS_NONE,
    }
)
_RHYTHMS: Mapping[Rhythm, Message] = MappingProxyType(
    {
        Rhythm.OFF: outreach.DIGEST_OFF,
        Rhythm.DAILY: outreach.DIGEST_DAILY,
        Rhythm.WEEKLY: outreach.DIGEST_WEEKLY,
    }
)
QUIETS: tuple[tuple[int, int] | None, ...] = (None, (21, 8), (22, 7), (23, 6))
TITLES: Mapping[str, Message] = MappingProxyType(
    {
        HEARS: outreach.SETTING_HEARS,
        DIGEST: outreach.SETTING_DIGEST,
        QUIET: outreach.SETTING_QUIET,
        ZONE: outreach.SETTING_ZONE,
        LANGUAGE: outreach.SETTING_LANGUAGE,
        PIN: outreach.SETTING_PIN,
        MOVES: outreach.SETTING_MOVES,
    }
)
"""The settings, in the order in which they are shown."""


def settings(follow: Follow, petition: Petition, t: Words) -> tuple[Block, ...]:
    """What is set, as a table."""
    board = outreach.BOARD_STANDS if follow.board else outreach.BOARD_GONE
    rows = [(t(title), chosen(name, follow, t)) for name, title in TITLES.items()]
    shown = [*rows, (t(outreach.SETTING_BOARD), t(board))] if follow.standing is Standing.ACTIVE else rows
    return (heading(petition.text(t.locale).title), facts(shown))


def choices(name: str, t: Words) -> tuple[Choice, ...]:
    """What a setting may be; none for one that there is not. Values fit into a button's token."""
    match name:
        case "hears":
            return tuple(Choice(each.value, t(said)) for each, said in _HEARS.items())
        case "digest":
            return tuple(Choice(each.value, t(said)) for each, said in _RHYTHMS.items())
        case "quiet":
            return tuple(Choice(str(at), _quiet(hours, t)) for at, hours in enumerate(QUIETS))
        case "zone":
            return tuple(Choice(str(at), _city(zone, t)) for at, zone in enumerate(ZONES))
        case "language":
            return tuple(Choice(each, _language(each)) for each in languages())
        case "pin":
            return (Choice("yes", t(outreach.PIN_YES)), Choice("no", t(outreach.PIN_NO)))
        case "moves":
            return (Choice("yes", t(outreach.MOVES_YES)), Choice("no", t(outreach.MOVES_NO)))
        case _:
            return ()


def chosen(name: str, follow: Follow, t: Words) -> str:
    """What a setting is, in words."""
    wishes = follow.wishes
    match name:
        case "hears":
            return t(_HEARS[wishes.hears])
        case "digest":
            return t(_RHYTHMS[wishes.digest])
        case "quiet":
            return _quiet(_hours(wishes), t)
        case "zone":
            return _city(wishes.zone, t)
        case "language":
            return _language(Words(follow.locale).language)
        case "pin":
            return t(outreach.PIN_YES if wishes.pinned else outreach.PIN_NO)
        case _:
            return t(outreach.MOVES_YES if wishes.moves else outreach.MOVES_NO)


def buttons(follow: Follow, t: Words) -> list[list[Button]]:
    """One for each setting, two to a row; then the board, and the way out."""
    number = str(follow.id)
    each = [Button(t(title), f"wish_{number}_{name}") for name, title in TITLES.items()]
    active = follow.standing is Standing.ACTIVE
    board = [Button(t(outreach.NEW_BOARD_BUTTON), f"board_{number}")] if active else []
    stop = Button(t(outreach.UNFOLLOW_BUTTON), f"unfollow_{number}")
    return [*(each[at : at + 2] for at in range(0, len(each), 2)), [*board, stop]]


def _hours(wishes: Wishes) -> tuple[int, int] | None:
    if wishes.quiet_from is None or wishes.quiet_to is None:
        return None
    return wishes.quiet_from, wishes.quiet_to


def _quiet(hours: tuple[int, int] | None, t: Words) -> str:
    if hours is None:
        return t(outreach.QUIET_NONE)
    return t(outreach.QUIET_FROM_TO, start=hours[0], end=hours[1])


def _city(zone: str, t: Words) -> str:
    """The zone by its city, as the reader calls it."""
    return get_timezone_location(zone_of(zone), locale=t.language, return_city=True).rpartition("/")[2]


def _language(tag: str) -> str:
    return (Locale.parse(tag).get_display_name(tag) or tag).capitalize()
