"""What Discord's answers mean for whoever posts unasked. Pure."""

from adapters.discord.calls import TOO_MANY, Answer
from bot.sending import Failed, Gone, Later, Lost, Outcome, Unknown

_LOST: dict[Lost, frozenset[int]] = {
    # 10008 on a new post: its nonce is known, and the message has been deleted since.
    # 10015 and 50027: an answer whose interaction is over.
    Lost.MESSAGE: frozenset({10008, 10015, 50005, 50021, 50027}),
    # No such channel or server; one that can't be seen any more.
    Lost.REMOVED: frozenset({10003, 10004, 50001}),
    # No permission, no place for messages, a locked thread.
    Lost.FORBIDDEN: frozenset({50008, 50013, 50024, 160005}),
    # They don't take messages from us, share no server with us, or are gone.
    Lost.BLOCKED: frozenset({10013, 50007, 50033, 50278}),
}
_WHY = {code: why for why, codes in _LOST.items() for code in codes}
TOO_FAST = 40003
"""Direct messages are opened too fast."""
A_WHILE = 60.0
"""Seconds to wait where Discord does not say how long."""


def outcome(answer: Answer) -> Outcome:
    """What an answer that is not good means for the outbox.

    A 5xx says nothing of whether the work was done.
    """
    if answer.status == TOO_MANY:
        return Later(answer.wait, answer.everywhere)
    if answer.code == TOO_FAST:
        return Later(A_WHILE)
    if answer.code in _WHY:
        return Gone(_WHY[answer.code])
    if answer.status >= 500:  # noqa: PLR2004 - the server's fault
        return Unknown()
    return Failed(f"discord {answer.code or answer.status}")
