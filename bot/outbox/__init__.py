"""What goes out unasked: boards, announcements, digests.

A connected adapter attaches its sender, as long as its platform can be reached:

    async with core.outbox.attached("discord", sender):
        ...

and the outbox posts through it, at the platform's pace and each thing once. Replies to members never come this way.
"""

from bot.outbox.service import Outbox

__all__ = ["Outbox"]
