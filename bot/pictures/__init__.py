"""Pictures that go with announcements: how many have signed, and how that grew.

`Pictures` makes them in a process of their own and remembers the last ones; `facts` is what they show. What draws
(`card`, `chart` and below) is loaded there, with the first picture, and nowhere else.
"""

from bot.pictures.facts import CardFacts, ChartFacts, Picture, PictureError
from bot.pictures.studio import Pictures

__all__ = ["CardFacts", "ChartFacts", "Picture", "PictureError", "Pictures"]
