"""What communities are told, and what moderators and organisers are told about that."""

from bot.words.catalog import N_, P_

# announcements
MILESTONE_REACHED = P_("{count} person has signed.", "{count} people have signed.")
GOAL_REACHED = P_(
    "The goal is reached: {count} person has signed.", "The goal is reached: {count} people have signed."
)
OPENED = N_("It is open for signatures now.")
LAST_HOURS = N_("The last days to sign: it closes on {when}.")
CLOSED = P_(
    "It is closed. {count} person has signed. Thank you.",
    "It is closed. {count} people have signed. Thank you.",
)
DELIVERED = P_(
    "It has been delivered to {to}, with {count} signature.",
    "It has been delivered to {to}, with {count} signatures.",
)
DIGEST_GAINED = P_(
    "{count} more person has signed since the last summary.",
    "{count} more people have signed since the last summary.",
)
NEXT_STEP = N_("Next: {milestone}.")
VOICE_BOT = N_("An automatic message about this petition")
VOICE_MODERATORS = N_("A message from the moderators of this community")
VOICE_ORGANISERS = N_("A message from the organisers of this petition")
WHY_YOU = N_("You are told this because you asked to be told what happens.")

# the board
FAREWELL = N_("This community no longer follows this petition. What was signed stays signed.")

# set aside
ASIDE_REMOVED = N_(
    "“{title}” is no longer announced here: this place could not be reached. Is the bot still a member of it?"
)
ASIDE_FORBIDDEN = N_(
    "“{title}” is no longer announced here: the bot may not post. Give it the right to, then go on."
)
TRY_AGAIN_HERE_BUTTON = N_("Go on here")
