"""Why a signature is held for review, rule by rule: pure functions of what is given and of who gives it, and when."""

from datetime import datetime

from bot.model.account import Actor
from bot.model.holding import Rule
from bot.model.petition import Content

__all__ = ["rules_hit"]


def rules_hit(
    content: Content, actor: Actor, name: str, now: datetime, also: tuple[str, ...] = ()
) -> frozenset[Rule]:
    """The rules of a petition that hold this name from this account, given now. None if it counts at once.

    `also`: names on the configuration's list. How many a community gives in a minute is the intake's to see.
    """
    rules = content.hold
    if not rules.any:
        return frozenset()
    # Only where a petition holds anything: the lists, and the database of scripts, take a while to load.
    from bot.holding.ages import is_younger  # noqa: PLC0415
    from bot.holding.listed import (  # noqa: PLC0415
        is_among,
        is_kept,
        is_somebody_else,
        looks_like_somebody_else,
    )
    from bot.holding.lookalikes import mixes_scripts  # noqa: PLC0415

    listed = is_kept(name) or is_among(name, also) or is_somebody_else(name, content)
    looks = mixes_scripts(name) or looks_like_somebody_else(name, content)
    held = {
        Rule.ACCOUNT_AGE: is_younger(actor.since, rules.account_days, now),
        Rule.MEMBERSHIP_AGE: is_younger(actor.joined, rules.membership_days, now),
        Rule.LOOKALIKE: rules.lookalikes and looks,
        Rule.LISTED_NAME: (rules.listed and listed) or is_among(name, rules.names),
    }
    return frozenset(rule for rule, hit in held.items() if hit)
