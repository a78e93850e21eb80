"""What organisers are told in private, unasked."""

from bot.words.catalog import N_, P_

RETENTION_TITLE = N_("Names will be erased")
RETENTION = N_(
    "On {when} the names, comments and accounts of all who signed “{title}” are erased for good, as they were told. "
    "Counts stay. If you still need the list, export it before."
)
EXPORTED_TITLE = N_("The list of signers was exported")
EXPORTED_PETITION = N_("Petition")
EXPORTED_WHEN = N_("When")
EXPORTED_BY = N_("By")
EXPORTED_OPERATOR = N_("whoever runs the bot, at the command line")
EXPORTED_ORGANISER = N_("an organiser, {actor} in the audit log")
EXPORTED_WHAT = N_("What")
EXPORTED_ROWS = P_("{count} row as {format}, {audience}", "{count} rows as {format}, {audience}")
EXPORTED_SEALED = N_("encrypted to their age key")
FOR_ORGANISERS = N_("for organisers")
FOR_ADDRESSEE = N_("for the addressee")
FOR_PUBLIC = N_("for the public")
APART_HELD = N_("waiting for review")
EXPORTED_WHY = N_("Every export is told to all organisers, so that none goes unnoticed.")
