"""What is said while a petition is made from a page that an organiser sends."""

from bot.words.catalog import N_, P_

NEW_COMMAND = N_("Make a petition from a page that you paste or attach")
EDIT_COMMAND = N_("Change a petition: send its page anew, see the difference, confirm")
FILE_ARGUMENT = N_("The page as a text file")

SEND_TITLE = N_("A new petition")
SEND_EDIT_TITLE = N_("Change “{title}”")
SEND_PAGE = N_(
    "Send the page now: paste it, in several messages if it is long, or attach it as a text file. The title comes "
    "first, then a line To: with whom it addresses, a line From: [Your Name], and the letter."
)
SEND_EDIT = N_(
    "Send the whole page as it shall be: paste it, in several messages if it is long, or attach it as a text file. You "
    "see what changes before anything does."
)
PAGE_LABEL = N_("The page")
PAGE_ACTION = N_("Paste the page")
PAGE_HINT = N_("A longer one: attach it as a file to the command.")
LOOK_BUTTON = N_("See what is understood")
GET_FILE_BUTTON = N_("Get the present page as a file")
PRESENT_PAGE = N_("The page as it is now. Change it with any text editor, then send it back here.")
RECEIVED = P_(
    "{count} character so far. Send the rest, or go on.",
    "{count} characters so far. Send the rest, or go on.",
)
THAT_IS_ALL_BUTTON = N_("That is all")
AGAIN_BUTTON = N_("Start again")
DROPPED = N_("Dropped: nothing was stored.")
NOTHING_SENT = N_("There is nothing yet. Paste the page, or attach it as a text file.")
FILE_TOO_LARGE = N_(
    "This file is larger than 1 MB. A petition is text of some pages; leave pictures and the rest out."
)
FILE_NOT_READ = N_("The file could not be fetched. Please send it again.")
PAGE_GONE = N_("This page is no longer there; it is kept for a day. Please send it again: /new or /edit.")

NOT_UNDERSTOOD_TITLE = N_("Nothing was stored yet")
NOT_UNDERSTOOD = N_("Please correct this, and send the whole page again:")
UNDERSTOOD_TITLE = N_("This is what was understood")
REMARKS = N_("To be noted:")
FACT_TITLE = N_("Title")
FACT_TO = N_("To")
FACT_SLUG = N_("Short name")
FACT_SPONSORS = N_("Sponsors")
FACT_LANGUAGES = N_("Languages")
FACT_BACKGROUND = N_("Background")
FACT_LETTER = N_("Letter")
FACT_GOAL = N_("Goal")
FACT_OPENS = N_("Opens by itself")
FACT_CLOSES = N_("Closes by itself")
FACT_ASK = N_("Asks")
FACT_HOLD = N_("Held for review")
FACT_CONTACT = N_("Contact")
FACT_PRIVACY = N_("Privacy line")
NONE = N_("none")
YES = N_("yes")
NO = N_("no")
WORDS = P_("{count} word", "{count} words")
KEEP_BUTTON = N_("Keep it as a draft")
CHANGE_BUTTON = N_("Change it")
DROP_BUTTON = N_("Drop it")
KEPT = N_("“{title}” is kept as a draft, which organisers alone see. When it is ready: /open")
SLUG_TAKEN = N_(
    "There is a petition with the short name “{slug}” already. Change that one with /edit, or send this page again "
    "with a line Slug: and another name."
)

DIFFERENCE_TITLE = N_("This is what changes")
NO_DIFFERENCE = N_("Nothing would change: the petition says this already.")
LANGUAGE_NEW = N_("{language}: a new language")
LANGUAGE_GOES = N_("{language}: this language goes")
LANGUAGE_CHANGES = N_("{language}: the text changes")
SIGNED_THIS_TEXT = P_(
    "{count} person signed the present text ({language}) and stays bound to what they signed.",
    "{count} people signed the present text ({language}) and stay bound to what they signed.",
)
SIGNED_SAME_TEXT = P_(
    "{count} person signed the text in {language}, which stays.",
    "{count} people signed the text in {language}, which stays.",
)
SIGNED_OLD_TEXT = P_(
    "{count} person signed an earlier text and stays bound to it.",
    "{count} people signed an earlier text and stay bound to it.",
)
CHANGED = N_("“{title}” is changed. Whoever signs from now on signs the new text.")
