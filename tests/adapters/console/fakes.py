"""A small core to talk to, and short ways to make what it answers."""

from bot.answer import Button, Page, Prompt
from bot.commands.spec import Argument, CommandSpec
from bot.document import paragraph
from bot.inbound import Command, Press, Suggest, Typed
from bot.words.catalog import N_


async def _nothing(*_):
    return ()


WHICH = Argument("which", N_("which"), suggest=_nothing)
SPECS = {
    spec.name: spec
    for spec in (
        CommandSpec("sign", N_("Sign"), _nothing, (WHICH,)),
        CommandSpec("totals", N_("Totals"), _nothing),
        CommandSpec("help", N_("Help"), _nothing),
        CommandSpec("announce", N_("Announce"), _nothing, (WHICH, Argument("text", N_("text")))),
    )
}


def button(label, token=None, **rest):
    return Button(label, label.lower() if token is None else token, **rest)


def page(text="", *labels, **rest):
    return Page((paragraph(text),) if text else (), (tuple(map(button, labels)),), **rest)


class FakeCore:
    """Answers by a table from what was sent (`/sign`, `press TOKEN`, or the text) to pages; remembers all."""

    def __init__(self, answers=None, file=None):
        self.specs = tuple(SPECS.values())
        self.answers, self.file = answers or {}, file
        self.seen = []

    @property
    def said(self):
        return [self.told(inbound.event) for inbound in self.seen]

    async def handle(self, inbound, answer):
        self.seen.append(inbound)
        for put in self.answers.get(self.told(inbound.event), [page(f"heard {self.told(inbound.event)}")]):
            if callable(put):
                await put(answer)
            else:
                await answer.show(put)

    @staticmethod
    def told(event):
        match event:
            case Command(name, arguments):
                return " ".join((f"/{name}", *(f"{key}={value}" for key, value in arguments.items())))
            case Press(token):
                return f"press {token}"
            case Typed(text):
                return text
            case Suggest(command, argument, partial):
                return f"suggest {command} {argument} {partial}".rstrip()


def replaced(new):
    async def put(answer):
        await answer.replace(new)

    return put


def suggested(*choices):
    async def put(answer):
        await answer.suggest(choices)

    return put


def handed(file):
    async def put(answer):
        await answer.file(file)

    return put


ASKED = Prompt("Your name")
