"""What is said to those who do something too often."""

from bot.words.catalog import N_

TOO_MUCH = N_("That was a lot in a short time. Nothing is lost; please go on at {again}.")
SIGNED_TOO_OFTEN = N_(
    "You have signed “{title}” and taken it back many times today. Your last word stands: you have not signed. "
    "You can sign again from {again} on."
)
