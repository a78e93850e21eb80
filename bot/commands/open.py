"""/open: let people sign a petition."""

from bot.commands.acting import spec
from bot.model.petition import Act

SPEC = spec(Act.OPEN)
