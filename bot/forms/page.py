"""The form that takes a petition's page in one piece, where a platform shows forms whole."""

from bot.answer import Field, FieldKind, Form
from bot.document import Paragraph
from bot.forms.spec import Built, FormRef, Sent, Values
from bot.roles import Role
from bot.turn import Turn
from bot.words import chat
from bot.words import drafting as said

PAGE = "page"
MOST = 4000
"""The most that a form takes; longer pages come as files."""


async def build(turn: Turn, ref: FormRef, values: Values) -> Built:
    """The form, for organisers."""
    if await turn.role() is not Role.ORGANISER:
        await turn.say_instead(chat.NOT_ALLOWED_ORGANISER)
        return None
    t, new = turn.t, ref.arguments[0] == "new"
    page = Field(
        PAGE,
        t(said.PAGE_LABEL),
        t(said.PAGE_ACTION),
        FieldKind.LINES,
        values.get(PAGE, ""),
        hint=t(said.PAGE_HINT),
        max_length=MOST,
    )
    return Form(
        token=ref.token,
        title=t(said.SEND_TITLE) if new else t(said.EDIT_COMMAND)[:45],
        body=(Paragraph(t.inlines(said.SEND_PAGE if new else said.SEND_EDIT)),),
        fields=(page,),
        submit=t(said.LOOK_BUTTON),
        locale=t.locale,
    )


async def send(turn: Turn, ref: FormRef, values: Values) -> Sent:
    """Show what is understood."""
    from bot import receiving  # noqa: PLC0415 - it opens this form

    if await turn.role() is not Role.ORGANISER:
        await turn.say_instead(chat.NOT_ALLOWED_ORGANISER)
    else:
        await receiving.understand(turn, ref.arguments[0], values.get(PAGE, ""))
    return None
