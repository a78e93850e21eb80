"""A petition from a file with front matter."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from msgspec.structs import replace

from bot.model.petition import Content, Reach, Text, TotalsMode
from bot.petition_file import limits
from bot.petition_file.asks import read_ask
from bot.petition_file.common import Circumstances, check_background, check_letter, chosen_slug
from bot.petition_file.front_matter import split
from bot.petition_file.holds import read_hold
from bot.petition_file.keys import Table
from bot.petition_file.letter import Body, split_body
from bot.petition_file.names import language_code
from bot.petition_file.problem import Report
from bot.words import petition_file as said

KEYS = (
    "title", "to", "slug", "sponsors", "goal", "milestones", "opens", "closes", "contact", "privacy", "reach",
    "ask", "totals", "hold", "language", "translations",
)  # fmt: skip
"""The keys of the front matter."""

BODY = frozenset({"background", "letter"})
"""Keys of a translation only: the petition's own language has them in the body."""

TRANSLATED = ("title", "to", "background", "letter")
"""What a translation holds: all of it or none."""


def read_fields(text: str, report: Report, circumstances: Circumstances) -> Content | None:
    """The content of a file that begins with a fence. Worth keeping only if nothing was reported as an error."""
    matter = split(text, report)
    if matter is None:
        return None
    body = split_body(matter.body, matter.body_line, report)
    check_background(body.background, body.line, report)
    if body.letter_line is not None:
        check_letter(body.letter, body.letter_line, report)
    if matter.values is None:
        return None
    root = Table(matter, (), dict(matter.values), report)
    root.check_keys(KEYS, BODY)
    _refuse_misplaced(root)
    return _content(root, body, circumstances)


def _refuse_misplaced(root: Table) -> None:
    for key in BODY.intersection(root.values):
        root.refuse(key, said.BELONGS_BELOW)


def _content(root: Table, body: Body, circumstances: Circumstances) -> Content:
    own = _own_text(root, body, circumstances.language)
    slug_line = root.line("slug" if "slug" in root.values else "title")
    slug = root.line_of_text("slug", limits.TITLE)
    opens, closes = _times(root, circumstances)
    content = Content(
        slug=chosen_slug(slug, slug_line, own.title, circumstances, root.report),
        texts=(own, *_translations(root, own)),
        sponsors=root.texts("sponsors", limits.SPONSOR),
        goal=root.number("goal", limits.GOAL),
        milestones=_milestones(root),
        opens=opens,
        closes=closes,
        contact=root.line_of_text("contact", limits.CONTACT),
        ask=read_ask(root),
        totals=_totals(root),
        hold=read_hold(root),
    )
    reach = _reach(root)
    return replace(content, reach=reach) if reach else content


def _own_text(root: Table, body: Body, language: str) -> Text:
    given = root.line_of_text("language", limits.TITLE)
    code = language_code(given) if given else language
    if code is None:
        root.refuse("language", said.UNKNOWN_LANGUAGE, code=given)
    return Text(
        language=code or language,
        title=root.required_line("title", limits.TITLE),
        to=root.required_line("to", limits.TO),
        background=body.background,
        letter=body.letter,
        privacy=root.line_of_text("privacy", limits.PRIVACY),
    )


def _milestones(root: Table) -> tuple[int, ...]:
    milestones = root.numbers("milestones", limits.GOAL)
    if any(later <= earlier for earlier, later in pairwise(milestones)):
        root.refuse("milestones", said.NOT_INCREASING)
    return milestones


def _times(root: Table, circumstances: Circumstances) -> tuple[datetime | None, datetime | None]:
    """When it opens and closes. What an edit leaves as it was may lie in the past."""
    opens, closes = root.moment("opens"), root.moment("closes")
    before, now = circumstances.before, circumstances.now
    if opens and closes and closes <= opens:
        root.refuse("closes", said.CLOSES_FIRST)
    elif closes and closes <= now and not (before and before.closes == closes):
        root.refuse("closes", said.CLOSES_IN_THE_PAST)
    if opens and opens <= now and not (before and before.opens == opens):
        root.report.note(root.line("opens"), said.OPENS_IN_THE_PAST)
    return opens, closes


def _reach(root: Table) -> tuple[Reach, ...]:
    names = root.texts("reach", limits.TITLE)
    known = [Reach(name) for name in names if name in set(Reach)]
    if len(known) != len(names):
        unknown = ", ".join(name for name in names if name not in set(Reach))
        root.refuse("reach", said.UNKNOWN_CHOICE, given=unknown, known=", ".join(Reach))
    elif len(set(known)) != len(known):
        root.refuse("reach", said.REACH_TWICE)
    elif root.values.get("reach") == []:
        root.refuse("reach", said.NO_REACH)
    return tuple(known)


def _totals(root: Table) -> TotalsMode:
    name = root.line_of_text("totals", limits.TITLE)
    if name and name not in set(TotalsMode):
        root.refuse("totals", said.UNKNOWN_CHOICE, given=name, known=", ".join(TotalsMode))
    return TotalsMode(name) if name in set(TotalsMode) else TotalsMode.LIVE


# ------------------------------------------------------------------------------------- translations


def _translations(root: Table, own: Text) -> Iterator[Text]:
    table = root.table("translations")
    if table is None:
        return
    if len(table.values) > limits.TRANSLATIONS:
        root.refuse("translations", said.TOO_MANY, most=limits.TRANSLATIONS)
        return
    seen = {own.language}
    for code in table.values:
        inner = table.table(code)
        language = language_code(code)
        if language is None:
            table.refuse(code, said.UNKNOWN_LANGUAGE, code=code[: limits.TITLE])
        elif language in seen:
            table.refuse(code, said.LANGUAGE_TWICE, code=language)
        elif inner is not None and inner.values:
            seen.add(language)
            yield _translation(inner, language, own)


def _translation(table: Table, language: str, own: Text) -> Text:
    table.check_keys((*TRANSLATED, "privacy", "ask"))
    needed = [key for key in TRANSLATED if key != "background" or own.background]
    missing = [key for key in needed if table.is_blank(key)]
    if missing:
        table.report.error(
            table.line(missing[0]), said.HALF_A_TRANSLATION, code=language, missing=", ".join(missing)
        )
    text = Text(
        language=language,
        title=table.line_of_text("title", limits.TITLE),
        to=table.line_of_text("to", limits.TO),
        background=table.text("background", limits.BACKGROUND),
        letter=table.text("letter", limits.LETTER),
        privacy=table.line_of_text("privacy", limits.PRIVACY),
    )
    if 0 < len(text.letter) <= limits.LETTER:
        check_letter(text.letter, table.line("letter"), table.report)
    if own.privacy and not text.privacy:
        table.report.note(table.line("privacy"), said.PRIVACY_NOT_TRANSLATED, code=language)
    return text
