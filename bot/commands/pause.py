"""/pause: take no signatures for a while."""

from bot.commands.acting import spec
from bot.model.petition import Act

SPEC = spec(Act.PAUSE)
