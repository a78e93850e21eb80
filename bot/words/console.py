"""What the console adapter itself says, beside what the core says through it."""

from bot.words.catalog import N_

GREETING = N_("This terminal is a chat, and you are {name} in it. Begin with /petition, or with /sign.")
GREETING_MORE = N_("/help tells what else there is. /quit ends.")
GOODBYE = N_("Goodbye.")
ONLY_YOU = N_("only you see this")
AS_ABOVE = N_("(The same text as above.)")

HELP_TITLE = N_("In this terminal")
HELP_PRESS = N_("Press a button by its number, or by what it says: 1")
HELP_PRESS_WHILE_ASKED = N_("While you are asked to type something, put a slash before the number: /1")
HELP_AS = N_("Be somebody else: /as Ben. A “moderator” and an “organiser” can do more: /as moderator")
HELP_LANGUAGE = N_("Speak another language: /language es")
HELP_SUGGEST = N_("See what a command can be about: /petition ?")
HELP_AGAIN = N_("Send the last thing once more, as a network that stutters does: /again")
HELP_QUIT = N_("Leave: /quit")

YOU_ARE = N_("You are {name} ({account}).")
YOU_ARE_MODERATOR = N_("You are {name} ({account}), a moderator here.")
LANGUAGE_IS = N_("I speak English with you now.")
LANGUAGES = N_("I speak: {languages}. Choose with /language and its short name.")
LANGUAGE_UNKNOWN = N_("I know no language “{code}”.")
NO_SUCH_BUTTON = N_("There is no button {number} now.")
SEVERAL_BUTTONS = N_("More than one button says that: type its number.")
NOTHING_AGAIN = N_("You have not sent anything yet.")
NO_SUGGESTION = N_("Nothing fits.")
FILE_SAVED = N_("Saved for you alone as {path}")
FILE_NOT_SAVED = N_("The file could not be saved in {folder}.")
