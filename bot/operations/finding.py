"""Finding the petition that a command names."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.operations.terminal import fail

if TYPE_CHECKING:
    from bot.model.petition import Petition
    from bot.ports import Ports


async def find(ports: "Ports", slug: str) -> "Petition":
    """The petition with this slug. Raises UndersignedError, saying which there are."""
    found = await ports.petitions.find(slug)
    return found or fail(await _absent(ports, slug))


async def _absent(ports: "Ports", slug: str) -> str:
    slugs = [petition.slug for petition in await ports.petitions.all()]
    near = get_close_matches(slug, slugs, n=1, cutoff=0.4)
    if near:
        return f"There is no petition “{slug}”. Did you mean “{near[0]}”?"
    known = "'undersigned petition list' tells which there are" if slugs else "There is none yet"
    return f"There is no petition “{slug}”. {known}."
