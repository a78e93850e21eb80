"""What is said to organisers about their petitions."""

from bot.words.catalog import N_, P_

# commands
OPEN_COMMAND = N_("Let people sign a petition, from now on")
CLOSE_COMMAND = N_("Take no more signatures; a closed petition can be reopened")
REOPEN_COMMAND = N_("Let people sign a closed petition again")
PAUSE_COMMAND = N_("Take no signatures for a while")
RESUME_COMMAND = N_("Let people sign a paused petition again")
DELIVER_COMMAND = N_("Mark a closed petition as handed over; from then on the total stands")
STATUS_COMMAND = N_("See how petitions fare, what failed and what needs your decision")

# changing the state
OPEN_TITLE = N_("Open “{title}” for signatures?")
CLOSE_TITLE = N_("Close “{title}”?")
REOPEN_TITLE = N_("Open “{title}” again?")
PAUSE_TITLE = N_("Pause “{title}”?")
RESUME_TITLE = N_("Go on with “{title}”?")
DELIVER_TITLE = N_("Mark “{title}” as delivered?")
SIGNED_SO_FAR = P_("{count} person has signed.", "{count} people have signed.")
OPENS_UNTIL = N_("It closes by itself on {when}.")
OPENS_ITSELF = N_("Without your doing it opens by itself on {when}.")
REOPENS_WITHOUT_END = N_("Its closing time has passed and is dropped. To give it a new one, send /edit.")
PAUSE_MEANS = N_("Whoever wants to sign meanwhile is asked to come back later. Nothing is announced.")
CLOSE_MEANS = N_("Whoever signed can take that back until it is delivered.")
DELIVER_MEANS = N_("It can't be undone: from then on the total stands, and nobody can withdraw a signature.")
ACT_IS_TOLD = N_("It is announced to every community that follows it.")
MISSING_CONTACT = N_("It names nobody whom signers can write to. Set a contact before you open it.")
MISSING_PRIVACY = N_("It has no privacy line, which tells signers what becomes of their names.")
MISSING_PRIVACY_IN = N_(
    "Its text in {languages} has no privacy line, which tells signers what becomes of their names."
)
FROM_CONFIGURATION = N_("Contact and privacy line are taken from the configuration.")
OPEN_YES = N_("Yes, open it")
CLOSE_YES = N_("Yes, close it")
REOPEN_YES = N_("Yes, open it again")
PAUSE_YES = N_("Yes, pause it")
RESUME_YES = N_("Yes, go on")
DELIVER_YES = N_("Yes, it is delivered")
NO_BUTTON = N_("No")
OPENED = N_("“{title}” is open for signatures.")
CLOSED = N_("“{title}” is closed.")
PAUSED = N_("“{title}” is paused. /resume lets people sign again.")
DELIVERED = N_("“{title}” is marked as delivered. Thank you for all the work.")
STANDS_ALREADY = N_("Nothing to do: “{title}” is there already.")
CHANGED_MEANWHILE = N_(
    "Somebody else changed “{title}” just now. Nothing was done: look at it, and try again."
)
REFUSED_DRAFT = N_("“{title}” is a draft: it was never open. /open lets people sign.")
REFUSED_OPEN = N_("“{title}” is open. Close it first with /close.")
REFUSED_PAUSED = N_("“{title}” is paused. /resume goes on, /close ends it.")
REFUSED_CLOSED = N_("“{title}” is closed. /reopen lets people sign again.")
REFUSED_DELIVERED = N_("“{title}” has been delivered. What was handed over can't be changed.")
REFUSED_ANONYMISED = N_(
    "The names of those who signed “{title}” have been erased, so it can't be opened again: nobody could tell who has "
    "signed before."
)

# status
STATUS_NONE = N_("There is no petition yet. /new makes one.")
STATUS_STATE = N_("State")
STATUS_SIGNED = N_("Signatures")
STATUS_PACE = N_("Pace")
STATUS_PACE_VALUE = N_("{today} today, {week} in the last seven days")
STATUS_HELD = N_("Waiting for review")
STATUS_COMMUNITIES = N_("Communities")
STATUS_FOLLOW = P_("{count} follows", "{count} follow")
STATUS_WAITING = P_("{count} waits for your word", "{count} wait for your word")
STATUS_ASIDE = P_("{count} can't be reached", "{count} can't be reached")
STATUS_TOLD = N_("Want to be told")
STATUS_FAILED = N_("Not delivered")
STATUS_FAILED_VALUE = P_("{count} message in the last seven days", "{count} messages in the last seven days")
STATUS_CLOSES = N_("Closes")
STATUS_OPENS = N_("Opens")
STATUS_ERASED = N_("Names are erased")
STATE_WORD_DRAFT = N_("draft")
STATE_WORD_OPEN = N_("open")
STATE_WORD_PAUSED = N_("paused")
STATE_WORD_CLOSED = N_("closed")
STATE_WORD_DELIVERED = N_("delivered")
DECIDE_TITLE = N_("For you to decide")
DECIDE_NOTHING = N_("Nothing waits for you.")
DECIDE_WAITING = P_(
    "{count} community waits for your word: /communities",
    "{count} communities wait for your word: /communities",
)
DECIDE_HELD_BACK = P_(
    "{count} message was held back when a backup was restored: /communities",
    "{count} messages were held back when a backup was restored: /communities",
)
DECIDE_CLOSING = N_("“{title}” closes on {when}. A later time: /edit")
DECIDE_DELIVER = N_("“{title}” is closed. Once it is handed over: /deliver")
DECIDE_ERASED = N_(
    "The names under “{title}” are erased on {when}. If you still need the list, export it before."
)
DECIDE_CONTACT = N_("“{title}” has no contact: /edit")
DECIDE_PRIVACY = N_("“{title}” has no privacy line: /edit")
DECIDE_PRIVACY_IN = N_("“{title}” has no privacy line in {languages}: /edit")
DECIDE_DRAFT = N_("“{title}” is a draft. Once it is ready: /open")
