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
BOARD_MOVED = N_("The board has moved: it stands further down now.")

# set aside
ASIDE_REMOVED = N_(
    "“{title}” is no longer announced here: this place could not be reached. Is the bot still a member of it?"
)
ASIDE_FORBIDDEN = N_(
    "“{title}” is no longer announced here: the bot may not post. Give it the right to, then go on."
)
TRY_AGAIN_HERE_BUTTON = N_("Go on here")

# commands
FOLLOW_COMMAND = N_("Let this community follow a petition; set what it hears, and when")
UNFOLLOW_COMMAND = N_("Stop following a petition here")
ANNOUNCE_COMMAND = N_("Announce something about a petition here; organisers: in every community")
COMMUNITIES_COMMAND = N_("See the communities that follow; confirm or remove them")
UPDATE_COMMAND = N_("Write to those who asked to be told what happens")
TEXT_ARGUMENT = N_("What to announce")

# following
FOLLOWS_NOW = N_("This community follows “{title}” now. Its board appears here in a moment.")
FOLLOWS_ALREADY = N_("This community follows “{title}”.")
FOLLOW_WAITS = N_("An organiser has to confirm this community. Then its board appears here.")
SETTINGS_CHANGED = N_("Changed.")
SETTING_HEARS = N_("Announcements")
SETTING_DIGEST = N_("Summary of what was gained")
SETTING_QUIET = N_("Quiet hours")
SETTING_ZONE = N_("Time zone")
SETTING_LANGUAGE = N_("Language")
SETTING_PIN = N_("Pin the board")
SETTING_MOVES = N_("Board after a milestone")
SETTING_BOARD = N_("Board")
HEARS_ALL = N_("all")
HEARS_MILESTONES = N_("milestones only")
HEARS_NONE = N_("none")
DIGEST_OFF = N_("off")
DIGEST_DAILY = N_("every day at 9:00")
DIGEST_WEEKLY = N_("on Mondays at 9:00")
QUIET_NONE = N_("none")
QUIET_FROM_TO = N_("from {start}:00 to {end}:00")
PIN_YES = N_("yes, when it is next posted")
PIN_NO = N_("no")
MOVES_YES = N_("moves to the milestone's message, unless it is pinned")
MOVES_NO = N_("stays where it is")
BOARD_STANDS = N_("it stands")
BOARD_GONE = N_("none stands at present")
NEW_BOARD_BUTTON = N_("Post the board again")
NEW_BOARD_COMES = N_("The board is posted here in a moment. The one before then says that it has moved.")
UNFOLLOW_BUTTON = N_("Stop following")
UNFOLLOWED = N_("This community no longer follows “{title}”. The board says goodbye. /follow begins again.")
FOLLOWS_NOTHING = N_("This community follows no petition. /follow begins.")
GOES_ON = N_("“{title}” is announced here again.")

# announcing
ANNOUNCE_WHAT = N_("What shall be announced about “{title}”?")
WRITE_HERE_BUTTON = N_("Write to this community")
TOTAL_HERE_BUTTON = N_("The total so far, here")
WRITE_ALL_BUTTON = N_("Write to every community")
TOTAL_ALL_BUTTON = N_("The total so far, everywhere")
ANNOUNCE_TITLE = N_("Write an announcement")
ANNOUNCE_ABOUT = N_("About “{title}”. You will see it before it goes out.")
TEXT_LABEL = N_("Text")
TEXT_ACTION = N_("Write the text")
TEXT_HINT = N_("At most {limit} characters, shown as plain text.")
SHOW_PREVIEW_BUTTON = N_("See it first")
TEXT_LINKS = N_("Moderators' announcements carry no links and mention nobody. Please write it without.")
TEXT_BEHIND = N_("Write the text behind the command, in one message: /{name} Your text")
PREVIEW_HERE = N_("This will be posted in this community:")
PREVIEW_ALL = P_(
    "This will be posted in {count} community, which takes about {time}:",
    "This will be posted in {count} communities, which takes about {time}:",
)
PREVIEW_PEOPLE = P_(
    "This will be sent to {count} person who asked to be told:",
    "This will be sent to {count} people who asked to be told:",
)
SECONDS = P_("{count} second", "{count} seconds")
MINUTES = P_("{count} minute", "{count} minutes")
CONFIRM_BUTTON = N_("Yes, send it")
DISCARD_BUTTON = N_("No, discard it")
DISCARDED = N_("Discarded: nothing was sent.")
ON_ITS_WAY = N_("It appears here in a moment.")
SENT_BEFORE = N_("This has been sent already, or is too old to be sent.")
TOO_OFTEN = P_(
    "Everybody has been written to {count} time in the last seven days. That is as often as is good.",
    "Everybody has been written to {count} times in the last seven days. That is as often as is good.",
)
NOBODY_FOLLOWS = N_("No community follows “{title}” yet.")
NOBODY_ASKED = N_("Nobody has asked to be told about “{title}” yet.")
PROGRESS_TITLE = N_("On its way")
PROGRESS_DONE_TITLE = N_("Done")
PROGRESS_SENT = N_("Delivered: {done} of {total}")
PROGRESS_LATER = N_("The rest follows by itself, also those that have quiet hours.")
PROGRESS_BUTTON = N_("How far is it?")
NOT_DELIVERED = N_("Not delivered")
A_PERSON = N_("a person")
AND_MORE = N_("and {count} more")
WHY_REMOVED = N_("the bot was removed, or the place deleted")
WHY_FORBIDDEN = N_("the bot may not post there")
WHY_BLOCKED = N_("the person blocked the bot")
WHY_MESSAGE = N_("the message is gone")
WHY_UNKNOWN = N_("sent, but it is not known whether it arrived")
WHY_BUSY = N_("the platform had no room for a day")
WHY_OTHER = N_("it failed for a day")

# communities
COMMUNITIES_TITLE = N_("Communities")
COMMUNITIES_NONE = N_("No community follows yet. A moderator types /follow in it.")
COMMUNITY_WAITING = N_("waits for confirmation")
COMMUNITY_ACTIVE = N_("follows")
COMMUNITY_ASIDE = N_("set aside: {reason}")
CONFIRM_ONE_BUTTON = N_("Confirm: {name}")
REMOVE_ONE_BUTTON = N_("Remove: {name}")
REMOVE_REALLY = N_("Remove “{name}”? Its board says goodbye, and nothing is announced there any more.")
REMOVE_YES_BUTTON = N_("Yes, remove")
COMMUNITY_CONFIRMED = N_("“{name}” follows now.")
COMMUNITY_REMOVED = N_("“{name}” no longer follows.")
HELD_BACK = P_(
    "{count} message was held back when a backup was restored: it may have gone out already.",
    "{count} messages were held back when a backup was restored: they may have gone out already.",
)
SEND_HELD_BUTTON = N_("Send them all the same")
DROP_HELD_BUTTON = N_("Drop them")
HELD_SENT = N_("They go out now.")
HELD_DROPPED = N_("Dropped.")
BACK_TO_LIST_BUTTON = N_("Back to the list")

# totals
TODAY = N_("Today (UTC)")
LAST_DAY = N_("Last 24 hours")
BY_COMMUNITY = N_("By community")
FROM_HERE = N_("Signed in this community: {count} or more")
FROM_HERE_FEW = N_("Signed in this community: fewer than {count}")
OTHER_COMMUNITIES = N_("others")
