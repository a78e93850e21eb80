"""Review in the chat: what waits, in pages, and one of them; those that are found by number or name.

What is then done with them is in `bot.deciding`. Nothing here opens a form.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from bot import choosing, scopes
from bot.answer import Button, Style
from bot.document import Block
from bot.model.petition import Act, Petition, State
from bot.model.review import Backlog, By, Case, Cases, Which
from bot.model.signature import Status
from bot.pages import reviewing as pages
from bot.ports import Draft
from bot.tokens import random_id, token
from bot.turn import Turn
from bot.words import chat
from bot.words import reviewing as said
from bot.words.catalog import Words

PAGE: Final = 10
GROUPS: Final = 14
"""Days, or communities, that have a button: what Discord takes in one message; the largest ones."""
FOUND: Final = 5000
"""The most that are found by name and changed at once: what a database takes in one statement."""
QUERY: Final = "query"
AFTER: Final = "after"
Row = list[Button]
_BY_BUTTONS = {By.DAY: said.BY_DAY_BUTTON, By.COMMUNITY: said.BY_COMMUNITY_BUTTON}


def is_reviewed(turn: Turn) -> choosing.Fits:
    """Whether a petition may have signatures to look at, and can still be changed."""
    return lambda each: each.state(turn.now) in {State.OPEN, State.PAUSED, State.CLOSED}


async def meant(turn: Turn, arguments: Mapping[str, str], action: str) -> tuple[Petition, str] | None:
    """The petition that a command is about, and what else it says; None after offering a choice.

    The petition is named by its short name or its title; else all that is said is about the evident one, or the
    one that is chosen (`choosing.chosen`).
    """
    which, words = (
        arguments.get("which", ""),
        " ".join(arguments[each] for each in ("who", "what") if arguments.get(each)),
    )
    for petition in await choosing.visible(turn):
        if which.strip().casefold() in {petition.slug, petition.text(turn.t.locale).title.casefold()}:
            return petition, words.strip()
    said = f"{which} {words}".strip()
    evident = await choosing.choose(turn, "", action, fits=is_reviewed(turn), said=said)
    return (evident, said) if evident else None


# ------------------------------------------------------------------------------------------- what waits


async def show_backlog(turn: Turn, petition: Petition) -> None:
    """How many wait, and a button for each way to look at them."""
    found, names = await _backlog(turn, petition)
    t, key = turn.t, petition.key
    rows: list[Row] = []
    if found.held:
        rows.append([Button(t(said.ALL_BUTTON), token("waiting", key, scopes.ALL), style=Style.PRIMARY)])
    rows += [[button] for button in _groups(turn, petition, found, names, By.RULE)]
    parted = [by for by, parts in ((By.DAY, found.days), (By.COMMUNITY, found.communities)) if len(parts) > 1]
    rows += [
        [Button(t(_BY_BUTTONS[by]), token("waiting-by", key, by.value)) for by in parted],
        _others(turn, petition),
    ]
    await turn.answer.replace(turn.page(*pages.backlog(petition, found, names, t), buttons=rows))


async def show_groups(turn: Turn, petition: Petition, by: By) -> None:
    """A button for each day, or each community, the largest first."""
    found, names = await _backlog(turn, petition)
    buttons = list(_groups(turn, petition, found, names, by))[:GROUPS]
    rows = [*(buttons[at : at + 2] for at in range(0, len(buttons), 2)), [back(turn, petition)]]
    await turn.answer.replace(turn.page(*pages.backlog(petition, found, names, turn.t), buttons=rows))


async def _backlog(turn: Turn, petition: Petition) -> tuple[Backlog, pages.Names]:
    found = await turn.ports.reviews.backlog(petition.id)
    return found, await turn.ports.communities.names([each for each in found.communities if each])


def _groups(turn: Turn, petition: Petition, found: Backlog, names: pages.Names, by: By) -> Iterator[Button]:
    groups = _parted(found, names, by, turn.t)
    for scope, what, count in sorted(groups, key=lambda each: -each[2]):
        label = turn.t(said.GROUP_BUTTON, what=what, count=count)
        yield Button(label, token("waiting", petition.key, scope))


def _parted(found: Backlog, names: pages.Names, by: By, t: Words) -> list[tuple[str, str, int]]:
    """The scope of each part, what it is called, and how many are in it."""
    match by:
        case By.RULE:
            return [(scopes.of_rule(rule), t(pages.RULE_WORDS[rule]), n) for rule, n in found.rules.items()]
        case By.DAY:
            return [(scopes.of_day(day), t.value(day), n) for day, n in found.days.items()]
        case By.COMMUNITY:
            places = found.communities.items()
            return [(scopes.of_community(each), pages.place_name(each, names, t), n) for each, n in places]


def _others(turn: Turn, petition: Petition) -> Row:
    done = Button(turn.t(said.DONE_BUTTON), token("done", petition.key))
    if petition.state(turn.now) is not State.OPEN:
        return [done]
    return [done, Button(turn.t(said.PAUSE_BUTTON), token(f"may-{Act.PAUSE}", petition.key))]


async def show_list(turn: Turn, petition: Petition, scope: str, after: str | None = None) -> None:
    """Some of those that a scope stands for, with what can be done to all of them."""
    found = await _cases(turn, petition, scope, after)
    if found is None:
        await turn.say_instead(chat.UNKNOWN_BUTTON)
        return
    title, cases = found
    names = await _names(turn, cases.cases)
    numbered = [
        Button(turn.t.value(at), token("case", petition.key, case.handle))
        for at, case in enumerate(cases.cases, 1)
    ]
    more = (
        [Button(turn.t(said.NEXT_BUTTON), token("waiting", petition.key, scope, cases.after))]
        if cases.after
        else []
    )
    rows = [
        numbered[:5],
        numbered[5:],
        *_for_all(turn, petition, scope, cases),
        [*more, back(turn, petition)],
    ]
    blocks = (*pages.cases(title, cases.cases, names, turn.t), *_final(turn, petition))
    await turn.answer.replace(turn.page(*blocks, buttons=rows, names_a_person=True))


async def _cases(turn: Turn, petition: Petition, scope: str, after: str | None) -> tuple[str, Cases] | None:
    """The title of a list, and its page; None for what no button of ours stands for."""
    draft = await _search(turn, scope)
    if draft is not None:
        await turn.ports.drafts.save(
            turn.account, replace(draft, values={**draft.values, AFTER: after or ""})
        )
        found = await turn.ports.reviews.find(petition.id, draft.values[QUERY], after=after, limit=PAGE)
        return turn.t(said.LIST_FOUND_TITLE, what=draft.values[QUERY]), found
    which = scopes.which(scope)
    if which is None:
        return None
    found = await turn.ports.reviews.page(petition.id, which, after=after, limit=PAGE)
    return await _title(turn, which), found


async def _search(turn: Turn, scope: str) -> Draft | None:
    """What was searched for, and where its list is."""
    form = scopes.searched(scope)
    draft = await turn.ports.drafts.get(turn.account, form) if form else None
    return draft if draft and QUERY in draft.values else None


async def _title(turn: Turn, which: Which) -> str:
    t = turn.t
    if which.statuses == {Status.STRUCK}:
        return t(said.LIST_STRUCK_TITLE)
    if which.numbers:
        (numbers,) = which.numbers
        return t(said.LIST_FOUND_TITLE, what="-".join(f"#{each}" for each in dict.fromkeys(numbers)))
    what = t(said.LIST_ALL)
    if which.rule is not None:
        what = t(pages.RULE_WORDS[which.rule])
    elif which.day is not None:
        what = t.value(which.day)
    elif which.community is not None:
        names = await turn.ports.communities.names([which.community])
        what = pages.place_name(which.community, names, t)
    return t(said.LIST_TITLE, what=what)


def _for_all(turn: Turn, petition: Petition, scope: str, found: Cases) -> Iterator[Row]:
    """What can be done to all that the scope stands for, by the statuses that are seen."""
    if _is_final(turn, petition):
        return
    statuses = {case.status for case in found.cases}
    t, key = turn.t, petition.key
    on_page = scopes.searched(scope) is not None
    if statuses & {Status.HELD}:
        yield [Button(t(said.ACCEPT_ALL_BUTTON), token("accept", key, scope))]
    if statuses & {Status.HELD, Status.COUNTED}:
        label = said.STRIKE_PAGE_BUTTON if on_page else said.STRIKE_ALL_BUTTON
        yield [Button(t(label), token("strike-why", key, scope), style=Style.DANGER)]
        if on_page and found.after:
            every = t(said.STRIKE_FOUND_BUTTON, most=FOUND)
            yield [Button(every, token("strike-why", key, scopes.of_found(scope)), style=Style.DANGER)]
    if statuses == {Status.STRUCK}:
        yield [Button(t(said.UNSTRIKE_ALL_BUTTON), token("unstrike-all", key, scope))]


async def show_case(turn: Turn, petition: Petition, handle: str) -> None:
    """One signature, and what can be done to it."""
    found = await turn.ports.reviews.page(petition.id, Which.one(handle), limit=1)
    if not found.cases:
        await turn.say_instead(said.LIST_NONE)
        return
    (case,) = found.cases
    names = await _names(turn, found.cases)
    blocks = (*pages.case_page(case, petition, names, turn.t), *_final(turn, petition))
    rows = [_for_one(turn, petition, case), [back(turn, petition)]]
    await turn.answer.replace(turn.page(*blocks, buttons=rows, names_a_person=True))


def _is_final(turn: Turn, petition: Petition) -> bool:
    """Whether nothing can be changed any more."""
    return petition.state(turn.now) is State.DELIVERED


def _final(turn: Turn, petition: Petition) -> tuple[Block, ...]:
    title = petition.text(turn.t.locale).title
    return (turn.t.aside(chat.CANT_CHANGE_DELIVERED, title=title),) if _is_final(turn, petition) else ()


def _for_one(turn: Turn, petition: Petition, case: Case) -> Row:
    if _is_final(turn, petition):
        return []
    t, key, scope = turn.t, petition.key, scopes.of_one(case.handle)
    row = []
    if case.status is Status.HELD:
        row.append(Button(t(said.ACCEPT_BUTTON), token("accept", key, scope), style=Style.PRIMARY))
    if case.status in {Status.HELD, Status.COUNTED}:
        row.append(Button(t(said.STRIKE_BUTTON), token("strike-why", key, scope), style=Style.DANGER))
    if case.status is Status.STRUCK:
        row.append(Button(t(said.UNSTRIKE_BUTTON), token("unstrike-all", key, scope)))
    if case.identity and case.identity.comment:
        row.append(Button(t(said.COMMENT_BUTTON), token("comment", key, case.handle)))
    return row


def back(turn: Turn, petition: Petition) -> Button:
    return Button(turn.t(said.REVIEW_BUTTON), token("review", petition.key))


async def _names(turn: Turn, cases: Iterable[Case]) -> pages.Names:
    places = {case.context.community for case in cases if case.context and case.context.community}
    return await turn.ports.communities.names(sorted(places))


# ------------------------------------------------------------------------------------------ searching


Show = Callable[[Turn, Petition, str], Awaitable[None]]


async def search(turn: Turn, petition: Petition, query: str, show: Show = show_case) -> None:
    """Those with this number or name: `show` the one that is found, or a list."""
    numbers = scopes.numbers(query)
    if numbers is not None:
        scope = scopes.of_numbers(*numbers)
        found = await turn.ports.reviews.page(petition.id, Which.numbered(numbers), limit=2)
    else:
        draft = Draft(random_id(), token("search", petition.key), 0, {QUERY: query})
        await turn.ports.drafts.save(turn.account, draft)
        scope = scopes.of_search(draft.form)
        found = await turn.ports.reviews.find(petition.id, query, limit=2)
    if not found.cases:
        await turn.say_instead(said.FOUND_NONE, title=petition.text(turn.t.locale).title, what=query)
    elif len(found.cases) == 1:
        await show(turn, petition, found.cases[0].handle)
    else:
        await show_list(turn, petition, scope)


async def chosen(turn: Turn, petition: Petition, scope: str) -> Which | None:
    """The signatures that a scope stands for; None if it is gone. Of a search: the page shown, or all found."""
    draft = await _search(turn, scope)
    if draft is None:
        return scopes.which(scope)
    every = scopes.is_found(scope)
    after, limit = (None, FOUND) if every else (draft.values.get(AFTER) or None, PAGE)
    found = await turn.ports.reviews.find(petition.id, draft.values[QUERY], after=after, limit=limit)
    handles = tuple(case.handle for case in found.cases)
    return replace(Which.one(""), handles=handles) if handles else None
