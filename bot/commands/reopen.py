"""/reopen: let people sign a closed petition again."""

from bot.commands.acting import spec
from bot.model.petition import Act

SPEC = spec(Act.REOPEN)
