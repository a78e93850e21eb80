"""Signatures as organisers see them in review: what waits, one of them, what a change makes of the total."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from bot.document import (
    Block,
    Inline,
    Listing,
    Moment,
    Paragraph,
    Progress,
    Quote,
    Span,
    facts,
    heading,
    paragraph,
)
from bot.model.holding import Rule
from bot.model.petition import Petition
from bot.model.review import Action, Backlog, Case, Outcome, Preview
from bot.model.signature import Change, Totals
from bot.pages.receipt import REACH_WORDS, STATUS_WORDS
from bot.words import chat
from bot.words import reviewing as said
from bot.words.catalog import Message, Plural, Words

RULE_WORDS: Mapping[Rule, Message] = MappingProxyType(
    {
        Rule.ACCOUNT_AGE: said.RULE_ACCOUNT_AGE,
        Rule.MEMBERSHIP_AGE: said.RULE_MEMBERSHIP_AGE,
        Rule.LOOKALIKE: said.RULE_LOOKALIKE,
        Rule.LISTED_NAME: said.RULE_LISTED_NAME,
        Rule.COMMUNITY_RATE: said.RULE_COMMUNITY_RATE,
    }
)
_ASK: Mapping[Change, Plural] = MappingProxyType(
    {Change.ACCEPT: said.ASK_ACCEPT, Change.STRIKE: said.ASK_STRIKE, Change.UNSTRIKE: said.ASK_UNSTRIKE}
)
_DONE: Mapping[Change, Plural] = MappingProxyType(
    {Change.ACCEPT: said.DONE_ACCEPT, Change.STRIKE: said.DONE_STRIKE, Change.UNSTRIKE: said.DONE_UNSTRIKE}
)
YES: Mapping[Change, Message] = MappingProxyType(
    {Change.ACCEPT: said.YES_ACCEPT, Change.STRIKE: said.YES_STRIKE, Change.UNSTRIKE: said.YES_UNSTRIKE}
)
"""What the button says that makes a change."""
_ACTION: Mapping[Change, Plural] = MappingProxyType(
    {
        Change.ACCEPT: said.ACTION_ACCEPT,
        Change.STRIKE: said.ACTION_STRIKE,
        Change.UNSTRIKE: said.ACTION_UNSTRIKE,
    }
)
Names = Mapping[int, str]
"""What communities are called."""


def place_name(community: int, names: Names, t: Words) -> str:
    """What a community is called; 0 is none."""
    return (names.get(community) or f"#{community}") if community else t(said.COMMUNITY_NONE)


def backlog(petition: Petition, found: Backlog, names: Names, t: Words) -> Iterator[Block]:
    """How many wait, and how they divide."""
    yield heading(t(said.BACKLOG_TITLE, title=petition.text(t.locale).title))
    if not found.held:
        yield t.paragraph(said.BACKLOG_NONE)
        return
    yield t.paragraph(said.BACKLOG, count=found.held)
    for title, rows in (
        (said.BY_RULE, [(t(RULE_WORDS[rule]), n) for rule, n in found.rules.items()]),
        (said.BY_DAY, [(t.value(day), n) for day, n in sorted(found.days.items())]),
        (said.BY_COMMUNITY, [(place_name(each, names, t), n) for each, n in found.communities.items()]),
    ):
        if rows:
            yield heading(t(title), 2)
            yield facts((label, t.value(count)) for label, count in rows[:MOST])


MOST = 10
"""Rows of each table."""


def cases(title: str, found: Sequence[Case], names: Names, t: Words) -> Iterator[Block]:
    """Some of them: name, why, when."""
    yield heading(title)
    if found:
        yield Listing(tuple((_line(case, names, t),) for case in found), start=1)
    else:
        yield t.paragraph(said.LIST_NONE)


def _line(case: Case, names: Names, t: Words) -> Paragraph:
    parts = [t(RULE_WORDS[rule]) for rule in Rule if rule in case.rules]
    if case.identity and case.identity.comment:
        parts.append(t(said.WITH_COMMENT))
    if not case.rules:
        parts.append(t(STATUS_WORDS[case.status]))
    if case.context and case.context.community:
        parts.append(place_name(case.context.community, names, t))
    number = f" #{case.number}" if case.number is not None else ""
    return paragraph(Span(_name(case, t), bold=True), f"{number}: {'; '.join(parts)}; ", _when(case, t))


def case_page(case: Case, petition: Petition, names: Names, t: Words) -> tuple[Block, ...]:
    """One of them, with all that organisers may know."""
    comment = case.identity.comment if case.identity else ""
    quoted = (Quote((paragraph(comment),)),) if comment else ()
    return heading(t(said.CASE_TITLE)), facts(_facts(case, petition, names, t)), *quoted


def _facts(case: Case, petition: Petition, names: Names, t: Words) -> Iterator[tuple[str, str | Inline]]:
    yield t(said.FACT_NAME), Span(_name(case, t), bold=True)
    if case.number is not None:
        yield t(said.FACT_NUMBER), f"#{case.number}"
    yield t(said.FACT_STATUS), t(STATUS_WORDS[case.status])
    if case.rules:
        yield t(said.FACT_WHY), "; ".join(t(RULE_WORDS[rule]) for rule in Rule if rule in case.rules)
    if case.identity and Rule.LOOKALIKE in case.rules:
        yield t(said.FACT_LETTERS), _letters(case.identity.name, t)
    if case.reason:
        yield t(said.FACT_REASON), case.reason
    yield t(said.FACT_WHEN), _when(case, t)
    community = (case.context.community if case.context else None) or 0
    yield t(said.FACT_WHERE), f"{case.platform.capitalize()}, {place_name(community, names, t)}"
    yield t(chat.RECEIPT_REACH), t(REACH_WORDS[case.reach], to=petition.text(t.locale).to)


def _letters(name: str, t: Words) -> str:
    """What nobody sees in a look-alike: which letters are of which script."""
    from bot.holding.lookalikes import letters_by_script  # noqa: PLC0415  for those who review

    names = t.babel.scripts
    return "; ".join(
        f"{names.get(code, code)}: {' '.join(chars)}" for code, chars in letters_by_script(name).items()
    )


def _name(case: Case, t: Words) -> str:
    return case.identity.name if case.identity else t(said.SCRUBBED)


def _when(case: Case, t: Words) -> Inline:
    return Moment(case.context.at) if case.context else Span(t.value(case.day))


def preview(made: Preview, reason: str, t: Words) -> Iterator[Block]:
    """What is asked, and what the totals become."""
    yield heading(t(_ASK[made.change], count=made.count))
    if reason:
        yield facts([(t(said.REASON_LABEL), reason)])
    yield facts(_becomes(made.now, made.after, t))
    if made.change is Change.STRIKE:
        yield t.aside(said.STRUCK_TOLD)


def _becomes(now: Totals, after: Totals, t: Words) -> Iterator[tuple[str, str]]:
    for label, before, then in (
        (said.FACT_COUNTED, now.counted, after.counted),
        (said.FACT_HELD, now.held, after.held),
        (said.FACT_STRUCK, now.struck, after.struck),
    ):
        changes = before != then
        yield t(label), t(said.BECOMES, before=before, after=then) if changes else t.value(before)


def working(done: int, total: int, t: Words) -> tuple[Block, ...]:
    """How far it is."""
    bar = (t.paragraph(said.WORKING_AT, done=done, total=total), Progress(done, total)) if total else ()
    return t.paragraph(said.WORKING), *bar


def outcome(made: Outcome, totals: Totals, t: Words) -> Iterator[Block]:
    """What was done, or undone, and the totals that stand now."""
    yield t.paragraph(said.UNDONE if made.undone else _DONE[made.change], count=made.changed)
    if made.skipped:
        yield t.paragraph(said.SKIPPED, count=made.skipped)
    yield facts(_becomes(totals, totals, t))


def actions(petition: Petition, found: Sequence[Action], t: Words) -> Iterator[Block]:
    """What was done lately, the newest first."""
    yield heading(t(said.ACTIONS_TITLE, title=petition.text(t.locale).title))
    if found:
        yield Listing(tuple((_action(each, t),) for each in found), start=1)
    else:
        yield t.paragraph(said.ACTIONS_NONE)


def _action(action: Action, t: Words) -> Paragraph:
    by = t(said.ACTION_ORGANISER, actor=action.actor) if action.actor else t(said.ACTION_OPERATOR)
    parts = [t(_ACTION[action.change], count=action.outcome.changed), by]
    parts += [action.reason] if action.reason else []
    parts += [t(said.ACTION_UNDONE)] if action.outcome.undone else []
    parts += [t(said.ACTION_LEFT, count=action.outcome.left)] if action.outcome.left else []
    return paragraph(Moment(action.at), ": " + "; ".join(parts))
