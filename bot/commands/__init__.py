"""Every command, one file each. Platforms register, describe and defer by these specs alone."""

from bot.commands import (
    announce,
    claim,
    close,
    communities,
    deliver,
    edit,
    export,
    follow,
    forgetme,
    help,  # noqa: A004 - the command's own name
    key,
    mydata,
    mysignatures,
    new,
    open,  # noqa: A004 - the same
    pause,
    petition,
    privacy,
    reopen,
    resume,
    sign,
    signers,
    status,
    totals,
    unfollow,
    update,
    withdraw,
)
from bot.commands.spec import CommandSpec

_OTHERS = (
    petition.SPEC,
    sign.SPEC,
    mysignatures.SPEC,
    withdraw.SPEC,
    totals.SPEC,
    signers.SPEC,
    privacy.SPEC,
    mydata.SPEC,
    forgetme.SPEC,
    claim.SPEC,
    follow.SPEC,
    unfollow.SPEC,
    announce.SPEC,
    status.SPEC,
    new.SPEC,
    edit.SPEC,
    open.SPEC,
    close.SPEC,
    reopen.SPEC,
    pause.SPEC,
    resume.SPEC,
    deliver.SPEC,
    export.SPEC,
    key.SPEC,
    communities.SPEC,
    update.SPEC,
)
COMMANDS: tuple[CommandSpec, ...] = (*_OTHERS, help.spec(_OTHERS))
"""In the order in which help lists them."""
