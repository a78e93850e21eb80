"""Whose picture it is."""

from bot.pictures.canvas import MARGIN, WIDTH, Canvas
from bot.pictures.fitting import Room, fit
from bot.pictures.palette import INK, SEAL

_ROOM = Room(400, 40, (28,))


def signature(canvas: Canvas) -> None:
    """The product's name, with the line under it on which one signs."""
    name = fit("Undersigned", _ROOM, bold=True)
    canvas.block(name, (WIDTH - MARGIN, 542), INK, "end")
    canvas.rectangle((WIDTH - MARGIN - name.width, 584), name.width, 3, SEAL)
