"""/deliver: mark a closed petition as handed over."""

from bot.commands.acting import spec
from bot.model.petition import Act

SPEC = spec(Act.DELIVER)
