"""The board: the one message of a community that shows the total, and its goodbye."""

from datetime import datetime

from bot.answer import Button, Page, Style
from bot.document import Moment, heading
from bot.model.petition import Petition, State
from bot.model.signature import Totals
from bot.pages.petition import card
from bot.tokens import token
from bot.words import chat, outreach
from bot.words.catalog import Message, Words


def board(petition: Petition, totals: Totals, now: datetime, locale: str, link: str) -> Page:
    """The board as it stands now. `link`: the community's, which its buttons lead by."""
    t = Words(locale)
    as_of = t.aside(chat.TOTALS_AS_OF, when=Moment(totals.at))
    blocks = (*card(petition, totals, now, t), as_of)
    return Page(blocks, buttons(petition, now, t, link), locale, private=False)


def farewell(petition: Petition, locale: str) -> Page:
    """What it says when the community follows no longer."""
    return _left_behind(petition, outreach.FAREWELL, locale)


def moved(petition: Petition, locale: str) -> Page:
    """What a message says that was the board, while the community has a new one."""
    return _left_behind(petition, outreach.BOARD_MOVED, locale)


def _left_behind(petition: Petition, said: Message, locale: str) -> Page:
    t = Words(locale)
    return Page((heading(petition.text(locale).title), t.paragraph(said)), (), locale, private=False)


def buttons(petition: Petition, now: datetime, t: Words, link: str = "") -> tuple[tuple[Button, ...], ...]:
    """To sign, while that is possible, and to read. `link`: the community's, which both ways remember."""
    came_from = (link,) if link else ()
    letter = Button(t(chat.READ_LETTER_BUTTON), token("letter", petition.key, *came_from))
    return ((*sign(petition, now, t, link), letter),)


def sign(petition: Petition, now: datetime, t: Words, link: str = "") -> tuple[Button, ...]:
    """The button to sign, while that is possible."""
    if petition.state(now) is not State.OPEN:
        return ()
    leads_to = token("go", link) if link else token("sign", petition.key)
    return (Button(t(chat.SIGN_BUTTON), leads_to, style=Style.PRIMARY),)
