"""What stands in pictures, and what is said instead of them to those who can't see them."""

from bot.words.catalog import N_, P_

TO = N_("To: {to}")
# Under the number, which stands alone and large: 1,234 / signatures / of 5,000
SIGNATURES = P_("signature", "signatures")
OF_GOAL = N_("of {goal}")
AS_OF = N_("As of {when}")
OVER_TIME = N_("Signatures over time")
NO_SIGNATURES = N_("No signatures yet")

CARD_ALT = P_(
    "“{title}” to {to}: {count} signature. As of {when}.",
    "“{title}” to {to}: {count} signatures. As of {when}.",
)
CARD_ALT_GOAL = P_(
    "“{title}” to {to}: {count} signature of {goal}. As of {when}.",
    "“{title}” to {to}: {count} signatures of {goal}. As of {when}.",
)
CHART_ALT = P_(
    "Signatures over time for “{title}”: {count} signature on {last}; {before} on {first}.",
    "Signatures over time for “{title}”: {count} signatures on {last}; {before} on {first}.",
)
CHART_ALT_ONE_DAY = P_(
    "Signatures over time for “{title}”: {count} signature on {last}.",
    "Signatures over time for “{title}”: {count} signatures on {last}.",
)
CHART_ALT_NONE = N_("Signatures over time for “{title}”: no signatures yet.")
