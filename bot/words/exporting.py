"""What is said to organisers who export the list of signers in the chat."""

from bot.words.catalog import N_, P_

EXPORT_COMMAND = N_("Get the list of signers as a file, for you alone")
KEY_COMMAND = N_("Give your age key, so that exports are encrypted to you; “none” removes it")
FORMAT_ARGUMENT = N_("csv, xlsx, jsonl, or pdf for the packet that is handed over")
KEY_ARGUMENT = N_("Your public age key (age1…), or none")

EXPORT_TITLE = N_("Export “{title}”")
EXPORT_WHICH = N_(
    "As a table (csv, xlsx, jsonl) it holds all that organisers may see. The pdf is the packet for the addressee. "
    "Every export is told to all organisers."
)
EXPORT_WORKING = N_("The list is being written. The file comes in a moment.")
EXPORT_UNKNOWN_FORMAT = N_("There is no format “{format}”. These there are:")
EXPORT_ROWS = P_("{count} row", "{count} rows")
EXPORT_CHECKSUM = N_("SHA-256: {checksum}")
EXPORT_GUARD = N_("Names are in it. Save it where only you can read it, then delete it from this chat.")
EXPORT_SEALED = N_("It is encrypted to your age key: “undersigned decrypt” or “age” opens it.")
EXPORT_OFF = N_(
    "Lists are not handed out in the chat here. Whoever runs the bot can write one: undersigned export {slug} -o FILE"
)
EXPORT_NEEDS_KEY = N_("Lists are handed out only encrypted here. Give your age key first: /key age1…")
EXPORT_TOO_LARGE = N_(
    "This list is too large for the chat. Whoever runs the bot can write it: undersigned export {slug} -o FILE"
)
KEY_SET = N_(
    "Your exports are encrypted to this key from now on. Only its secret part opens them: keep that safe."
)
KEY_REMOVED = N_("Your key is removed. Your exports are not encrypted any more.")
KEY_PRESENT = N_("Your exports are encrypted to {key}.")
KEY_NONE = N_("You have given no key. “age-keygen” makes one; send its public part: /key age1…")
KEY_WRONG = N_("That is no age key to encrypt to: it begins with age1 and is made by “age-keygen”.")
