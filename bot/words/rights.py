"""What is said to somebody who wants to see or to erase what is stored about them."""

from bot.words.catalog import N_, P_

MYDATA_COMMAND = N_("Get everything that is stored about you, as a file")
FORGETME_COMMAND = N_("Erase everything that is stored about you, on every petition")

NOTHING_STORED = N_("Nothing is stored about your account.")
MYDATA_TITLE = N_("What is stored about you")
MYDATA_SIGNATURES = P_("{count} signature", "{count} signatures")
MYDATA_TOLD = P_("{count} petition that you are told about", "{count} petitions that you are told about")
MYDATA_FORMS = P_("{count} half-filled form", "{count} half-filled forms")
MYDATA_HANDED = P_(
    "{count} file that is removed from this chat soon", "{count} files that are removed from this chat soon"
)
MYDATA_ORGANISER = N_("your role as an organiser")
MYDATA_HOLDS = N_("In this file: {list}.")
MYDATA_GUARD = N_(
    "It holds the codes of your receipts: whoever has a code can take that signature back. Keep the file to yourself."
)
MYDATA_ELSEWHERE = N_(
    "Counts of how many signed, by day, language, community and answer, are stored without saying who. What Discord "
    "or Telegram keeps of this chat is theirs. Why organisers struck a signature they tell you if you ask them."
)

FORGET_TITLE = N_("Erase everything about you?")
FORGET_WITHDRAWN = P_(
    "{count} signature is taken back: it leaves the total, and all that led to you is erased.",
    "{count} signatures are taken back: they leave the totals, and all that led to you is erased.",
)
FORGET_DELIVERED = P_(
    "{count} signature was delivered: all that led to you is erased here; the delivered total stays as it was.",
    "{count} signatures were delivered: all that led to you is erased here; the delivered totals stay as they were.",
)
FORGET_STRUCK = P_(
    "{count} signature was struck by the organisers: your name is erased. A code made from your account's id stays, so "
    "that it can't sign again, until everybody's is erased from that petition.",
    "{count} signatures were struck by the organisers: your name is erased. Codes made from your account's id stay, so "
    "that it can't sign again, until everybody's are erased from those petitions.",
)
FORGET_OTHERS = N_("You are no longer told what happens, and half-filled forms are thrown away.")
FORGET_ORGANISER = N_(
    "You are no longer an organiser, and nothing says any more which acts in the audit log were yours."
)
FORGET_CONFIGURED = N_(
    "The configuration names you as an organiser. Only whoever runs this bot can take your account's id out of there."
)
FORGET_FINAL = N_("This can't be undone. To keep a copy, send /mydata first.")
FORGET_YES_BUTTON = N_("Yes, erase everything")
FORGOTTEN_TITLE = N_("Everything about you is erased")
FORGET_BACKUPS = N_(
    "Backups made before now may hold it, encrypted, until {when}. Restoring one does not bring it back."
)
FORGET_BACKUPS_UNSET = N_(
    "Backups made before now may hold it, encrypted, for as long as the organisers keep those. Restoring one does not "
    "bring it back."
)
FORGET_PLATFORM = N_("What you wrote stays in your chat until you delete it there.")
