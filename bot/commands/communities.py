"""/communities: organisers see who follows, confirm those who wait, and remove whom they don't want."""

from collections.abc import Mapping

from bot.answer import Button, Style
from bot.commands.spec import Action, CommandSpec
from bot.document import Block, Fact, Facts, Span, heading
from bot.model.community import Follow, Standing
from bot.roles import Role
from bot.standing import reason_word
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat, outreach
from bot.words.catalog import Words

A_PAGE = 8


async def run(turn: Turn, _: Mapping[str, str]) -> None:
    await _list(turn, 0)
    if held := await turn.ports.outbox.held_back():
        rows = [
            [Button(turn.t(outreach.SEND_HELD_BUTTON), token("held", "send"))],
            [Button(turn.t(outreach.DROP_HELD_BUTTON), token("held", "drop"))],
        ]
        await turn.say(outreach.HELD_BACK, count=held, buttons=rows)


async def _held(turn: Turn, arguments: tuple[str, ...]) -> None:
    """What a restore held back, after all or not at all."""
    if arguments[0] not in {"send", "drop"}:
        await turn.say_instead(chat.UNKNOWN_BUTTON)
        return
    send = arguments[0] == "send"
    await turn.ports.outbox.release_held(send=send)
    await turn.say_instead(outreach.HELD_SENT if send else outreach.HELD_DROPPED)


async def _pressed(turn: Turn, arguments: tuple[str, ...]) -> None:
    after = arguments[0] if arguments else "0"
    await _list(turn, int(after[:9]) if after.isascii() and after.isdecimal() else 0)


async def _list(turn: Turn, after: int) -> None:
    listed = await turn.ports.follows.listed(after=after, limit=A_PAGE + 1)
    if not listed:
        await turn.say_instead(outreach.COMMUNITIES_NONE)
        return
    page, more = listed[:A_PAGE], len(listed) > A_PAGE
    titles = {each.id: each.text(turn.t.locale).title for each in await turn.ports.petitions.all()}
    rows = tuple(_line(each, titles[each.petition_id], turn.t) for each in page)
    blocks: list[Block] = [heading(turn.t(outreach.COMMUNITIES_TITLE)), Facts(rows)]
    buttons = [_buttons(each, turn.t) for each in page]
    if more:
        buttons.append([Button(turn.t(chat.MORE_BUTTON), token("communities", str(after + A_PAGE)))])
    await turn.answer.replace(turn.page(*blocks, buttons=buttons))


def _line(follow: Follow, title: str, t: Words) -> Fact:
    said = {
        Standing.WAITING: t(outreach.COMMUNITY_WAITING),
        Standing.ACTIVE: t(outreach.COMMUNITY_ACTIVE),
        Standing.ASIDE: t(outreach.COMMUNITY_ASIDE, reason=t(reason_word(follow))),
    }[follow.standing]
    return Fact(_name(follow), (Span(f"{title} · {said}"),))


def _name(follow: Follow) -> str:
    return f"{follow.place.name or '…'} ({follow.place.platform.capitalize()})"


def _buttons(follow: Follow, t: Words) -> list[Button]:
    number, name = str(follow.id), follow.place.name or "…"
    confirm = Button(t(outreach.CONFIRM_ONE_BUTTON, name=name), token("approve", number), style=Style.PRIMARY)
    remove = Button(t(outreach.REMOVE_ONE_BUTTON, name=name), token("expel", number))
    return [confirm, remove] if follow.standing is Standing.WAITING else [remove]


async def _approve(turn: Turn, arguments: tuple[str, ...]) -> None:
    follow = await _found(turn, arguments[0])
    if follow is not None:
        await turn.ports.follows.confirm(follow.id)
        await turn.say_instead(outreach.COMMUNITY_CONFIRMED, name=_name(follow), buttons=_back(turn))


async def _expel(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Ask before removing."""
    follow = await _found(turn, arguments[0])
    if follow is not None:
        yes = Button(turn.t(outreach.REMOVE_YES_BUTTON), token("expelled", arguments[0]), style=Style.DANGER)
        rows = [[yes], *_back(turn)]
        await turn.say_instead(outreach.REMOVE_REALLY, name=_name(follow), buttons=rows)


async def _expelled(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Remove it. Where nothing else is followed, its cards no longer bring signers in its name."""
    follow = await _found(turn, arguments[0])
    if follow is not None:
        await turn.ports.follows.unfollow(follow.id)
        if not await turn.ports.follows.at(follow.place):
            await turn.ports.communities.revoke_links(follow.community)
        await turn.say_instead(outreach.COMMUNITY_REMOVED, name=_name(follow), buttons=_back(turn))


async def _found(turn: Turn, number: str) -> Follow | None:
    known = number.isascii() and number.isdecimal() and len(number) < 10  # noqa: PLR2004 - what a row's id can be
    follow = await turn.ports.follows.get(int(number)) if known else None
    if follow is None:
        await turn.say_instead(chat.UNKNOWN_BUTTON)
    return follow


def _back(turn: Turn) -> list[list[Button]]:
    return [[Button(turn.t(outreach.BACK_TO_LIST_BUTTON), token("communities", "0"))]]


SPEC = CommandSpec(
    "communities",
    outreach.COMMUNITIES_COMMAND,
    run,
    role=Role.ORGANISER,
    actions={
        "communities": Action(_pressed, arguments=0, role=Role.ORGANISER),
        "approve": Action(_approve, role=Role.ORGANISER),
        "expel": Action(_expel, role=Role.ORGANISER),
        "expelled": Action(_expelled, role=Role.ORGANISER),
        "held": Action(_held, role=Role.ORGANISER),
    },
)
