"""What is said to those who do something too often."""

from bot.words.catalog import N_, P_

TOO_MUCH = N_("That was a lot in a short time. Nothing is lost; please go on at {again}.")
CROWD = N_("Very many people ask for something here at once. Nothing is lost; please go on at {again}.")
SIGNED_TOO_OFTEN = N_(
    "You have signed “{title}” and taken it back many times today. Your last word stands: you have not signed. "
    "You can sign again from {again} on."
)
RATE_TITLE = N_("When very many sign at once")
RATE = P_(
    "Of what one community gives in a minute {count} signature counts at once. Those beyond are kept with their "
    "receipts, and count once the organisers have looked at them.",
    "Of what one community gives in a minute {count} signatures count at once. Those beyond are kept with their "
    "receipts, and count once the organisers have looked at them.",
)
