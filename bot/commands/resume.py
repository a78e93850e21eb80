"""/resume: go on with a paused petition."""

from bot.commands.acting import spec
from bot.model.petition import Act

SPEC = spec(Act.RESUME)
