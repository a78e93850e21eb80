"""Every command, one file each. Platforms register, describe and defer by these specs alone."""

from bot.commands import claim, help, mysignatures, petition, privacy, sign, signers, totals, withdraw  # noqa: A004 - the command's own name
from bot.commands.spec import CommandSpec

_OTHERS = (
    petition.SPEC,
    sign.SPEC,
    mysignatures.SPEC,
    withdraw.SPEC,
    totals.SPEC,
    signers.SPEC,
    privacy.SPEC,
    claim.SPEC,
)
COMMANDS: tuple[CommandSpec, ...] = (*_OTHERS, help.spec(_OTHERS))
"""In the order in which help lists them."""
