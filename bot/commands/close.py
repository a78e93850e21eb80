"""/close: take no more signatures."""

from bot.commands.acting import spec
from bot.model.petition import Act

SPEC = spec(Act.CLOSE)
