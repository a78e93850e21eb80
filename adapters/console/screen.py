"""The terminal as a place of conversation: who sits at it, and what is on their screen."""

from collections.abc import Mapping

from msgspec import Struct, field

from bot.answer import Button, Page
from bot.document import Document
from bot.model.account import Account, Actor, Place, PlaceKind

PLATFORM = "console"
MODERATOR = "moderator"
PLACE = Place(PLATFORM, "terminal", PlaceKind.GROUP, name="terminal", discreet=True)


class Screen(Struct, frozen=True):
    """What one person can press, by number. While `asked`, what they type is taken literally.

    `letter` is the long text that stands above, so that it need not be printed again at every step of a form.
    """

    buttons: Mapping[int, Button] = field(default_factory=dict)
    asked: bool = False
    letter: Document = ()

    def over(self, before: "Screen") -> "Screen":
        """This screen after `before`, of which it keeps what it does not have itself, but for the question."""
        return Screen(self.buttons or before.buttons, self.asked, self.letter or before.letter)


def numbered(page: Page, first: int) -> dict[int, Button]:
    """The page's buttons by number, from `first` on; one that opens an address gets none."""
    pressable = (button for row in page.buttons for button in row if button.token)
    return dict(enumerate(pressable, first))


def person(name: str) -> Actor:
    """Who types, by the name they gave. Upper and lower case are one person."""
    user_id = name.casefold()
    return Actor(Account(PLATFORM, user_id), name, moderates=user_id == MODERATOR)
