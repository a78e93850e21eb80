"""What organisers are told while they review signatures, and what everybody may know of the rules that hold them."""

from bot.words.catalog import N_, P_

# commands
REVIEW_COMMAND = N_("Look at the signatures that wait, and count or strike them")
STRIKE_COMMAND = N_("Take a false signature, or its comment, out of a petition")
UNSTRIKE_COMMAND = N_("Count a struck signature again")
WHO_ARGUMENT = N_("Its number (12, 12-20) or a part of the name")
COMMENT_ARGUMENT = N_("“comment” takes out the comment alone")
COMMENT_WORD = N_("comment")

# what waits
BACKLOG_TITLE = N_("To review: {title}")
BACKLOG = P_("{count} signature waits for you.", "{count} signatures wait for you.")
BACKLOG_NONE = N_("Nothing waits for review.")
BY_RULE = N_("By reason")
BY_DAY = N_("By day")
BY_COMMUNITY = N_("By community")
COMMUNITY_NONE = N_("directly in a private chat")
ALL_BUTTON = N_("All that wait")
BY_DAY_BUTTON = N_("By day …")
BY_COMMUNITY_BUTTON = N_("By community …")
GROUP_BUTTON = N_("{what} ({count})")
PAUSE_BUTTON = N_("Pause the petition")
DONE_BUTTON = N_("What was done lately")
RULE_ACCOUNT_AGE = N_("a very young account")
RULE_MEMBERSHIP_AGE = N_("joined the community just before")
RULE_LOOKALIKE = N_("a name in letters that look like others")
RULE_LISTED_NAME = N_("a name on a list")
RULE_COMMUNITY_RATE = N_("very many at once from one community")

# one and many
LIST_TITLE = N_("They wait: {what}")
LIST_STRUCK_TITLE = N_("They are struck")
LIST_FOUND_TITLE = N_("Found: {what}")
LIST_ALL = N_("all of them")
LIST_NONE = N_("There are none, or none any more.")
FOUND_NONE = N_("No signature of “{title}” has the number or the name {what}.")
WITH_COMMENT = N_("with a comment")
SCRUBBED = N_("(the name is erased)")
NEXT_BUTTON = N_("More")
ACCEPT_ALL_BUTTON = N_("Count all of these")
STRIKE_ALL_BUTTON = N_("Strike all of these")
STRIKE_PAGE_BUTTON = N_("Strike those on this page")
STRIKE_FOUND_BUTTON = N_("Strike all that were found ({most} at most)")
UNSTRIKE_ALL_BUTTON = N_("Count all of these again")
ACCEPT_BUTTON = N_("Count it")
STRIKE_BUTTON = N_("Strike it")
UNSTRIKE_BUTTON = N_("Count it again")
COMMENT_BUTTON = N_("Take out its comment")
CASE_TITLE = N_("A signature")
FACT_NAME = N_("Name")
FACT_NUMBER = N_("Number")
FACT_STATUS = N_("State")
FACT_WHY = N_("Held for")
FACT_LETTERS = N_("Letters")
FACT_REASON = N_("Struck for")
FACT_WHEN = N_("Signed")
FACT_WHERE = N_("Came by")

# finding, and the reason of a strike
FIND_TITLE = N_("Find a signature")
FIND_ABOUT = N_("To strike a false signature of “{title}”, say which. You see it before anything happens.")
FIND_LABEL = N_("Number or name")
FIND_ACTION = N_("Number or name")
FIND_HINT = N_("12, or 12-20, or a part of the name")
FIND_SUBMIT = N_("Find it")
REASON_TITLE = N_("Why strike?")
REASON_ABOUT = N_(
    "The reason is for the organisers of “{title}”. Signers are told that they were struck, not why."
)
REASON_LABEL = N_("Reason")
REASON_ACTION = N_("Write a reason")
REASON_HINT = N_("Nobody is struck without one.")
REASON_SUBMIT = N_("See what changes")

# before and after
ASK_ACCEPT = P_("Count {count} signature?", "Count {count} signatures?")
ASK_STRIKE = P_("Strike {count} signature?", "Strike {count} signatures?")
ASK_UNSTRIKE = P_("Count {count} signature again?", "Count {count} signatures again?")
ASK_NONE = N_(
    "There is nothing to change: none of these is in a state that this fits, or “{title}” is delivered."
)
FACT_COUNTED = N_("Counted")
FACT_HELD = N_("Waiting")
FACT_STRUCK = N_("Struck")
BECOMES = N_("{before} → {after}")
YES_ACCEPT = N_("Yes, count")
YES_STRIKE = N_("Yes, strike")
YES_UNSTRIKE = N_("Yes, count again")
YES_COMMENT_BUTTON = N_("Yes, take it out")
NO_BUTTON = N_("No")
WORKING = N_("Under way …")
WORKING_AT = N_("{done} of {total}")
DONE_ACCEPT = P_("{count} signature is counted.", "{count} signatures are counted.")
DONE_STRIKE = P_("{count} signature is struck.", "{count} signatures are struck.")
DONE_UNSTRIKE = P_(
    "{count} signature is as it was before it was struck.",
    "{count} signatures are as they were before they were struck.",
)
SKIPPED = P_(
    "{count} was passed over: it was withdrawn or changed meanwhile.",
    "{count} were passed over: they were withdrawn or changed meanwhile.",
)
UNDONE = P_("Undone: {count} signature is as it was.", "Undone: {count} signatures are as they were.")
STRUCK_TOLD = N_("Struck signers read it in /mysignatures, with whom to write to. Nobody is written to.")
UNDO_BUTTON = N_("Undo")
UNDO_ONE_BUTTON = N_("Undo {at}")
GO_ON_BUTTON = N_("Finish {at}")
REVIEW_BUTTON = N_("What waits")
ACTION_GONE = N_("That is no longer there: it was kept for a day. Please begin again with /review.")
ASK_COMMENT = N_("Take out this comment? It is erased for good; the signature counts as before.")
COMMENT_GONE = N_("The comment is taken out. The signature stands as it was.")
COMMENT_NEVER = N_("This signature has no comment.")
COMMENT_NONE = N_("There is no comment any more, or the petition is delivered.")

# what was done
ACTIONS_TITLE = N_("Done lately: {title}")
ACTIONS_NONE = N_("Nothing has been counted or struck in review yet.")
ACTION_ACCEPT = P_("{count} counted", "{count} counted")
ACTION_STRIKE = P_("{count} struck", "{count} struck")
ACTION_UNSTRIKE = P_("{count} counted again", "{count} counted again")
ACTION_UNDONE = N_("undone")
ACTION_LEFT = P_("cut short: {count} is left", "cut short: {count} are left")
ACTION_OPERATOR = N_("at the command line")
ACTION_ORGANISER = N_("by an organiser, {actor} in the audit log")

# told once in a burst
WAITING_TITLE = N_("Signatures wait for you")
WAITING_ONCE = N_("You are told once a day, for as long as some wait since the day before.")
ALERT_TITLE = N_("Many signatures wait for review")
ALERT = P_(
    "{count} signature of “{title}” is held. It does not count until you look at it, and nothing is lost.",
    "{count} signatures of “{title}” are held. They do not count until you look at them, and nothing is lost.",
)
ALERT_MEANS = N_(
    "If this is a brigade, you can pause the petition: nobody can sign meanwhile, and those who count already stay "
    "counted."
)
LOOK_BUTTON = N_("Look at them")
ALERT_ONCE = N_("You are told once in a burst. /review shows what has come since.")

DECIDE_HELD = P_(
    "{count} signature of “{title}” waits for review: /review",
    "{count} signatures of “{title}” wait for review: /review",
)

# what everybody may know
NAME_WAITS = N_(
    "A signature with this name has to be looked at first. To use it, take yours back with /withdraw, and sign again."
)
PUBLIC = N_(
    "A signature that one of these rules holds is kept, and counts once the organisers have looked at it:"
)
PUBLIC_ACCOUNT_AGE = P_(
    "accounts that are younger than {count} day, where the platform tells their age (Discord does)",
    "accounts that are younger than {count} days, where the platform tells their age (Discord does)",
)
PUBLIC_MEMBERSHIP_AGE = P_(
    "accounts that joined the community less than {count} day ago, where the platform tells",
    "accounts that joined the community less than {count} days ago, where the platform tells",
)
PUBLIC_LOOKALIKE = N_(
    "names with letters of several scripts in one word, or that look like the addressee's or a sponsor's"
)
PUBLIC_LISTED_NAME = N_(
    "the names of the addressee and the sponsors, invented names, slurs, and names that the organisers listed"
)
PUBLIC_NAMES = N_("names that the organisers listed")
PUBLIC_COMMUNITY_RATE = P_(
    "more than {count} signature a minute from one community",
    "more than {count} signatures a minute from one community",
)
