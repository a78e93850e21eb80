"""What is said to organisers who export the list of signers in the chat."""

from bot.words.catalog import N_, P_

EXPORT_COMMAND = N_("Get the list of signers as a file, for you alone")
KEY_COMMAND = N_("Give your age key, so that exports are encrypted to you; “none” removes it")
FORMAT_ARGUMENT = N_("csv, xlsx, jsonl, or pdf for the packet that is handed over")
KEY_ARGUMENT = N_("Your public age key (age1…), or none")

FOR_ARGUMENT = N_("For whom: organisers (everything), addressee or public (names that they may know)")
STATUS_ARGUMENT = N_("counted, or apart for organisers: held, withdrawn, struck")

EXPORT_TITLE = N_("Export “{title}”")
LIST_FOR_ORGANISERS = P_(
    "For organisers: {count} signature with all that is stored, whoever may see its name. Keep it to yourselves.",
    "For organisers: {count} signatures with all that is stored, whoever may see their names. Keep it to yourselves.",
)
LIST_FOR_ADDRESSEE = P_(
    "For the addressee: {count} name with its comment, without number, time or platform. Whoever does not want to be "
    "named there is counted among the others. The pdf is the packet that is handed over, with the letter.",
    "For the addressee: {count} names with their comments, without numbers, times or platforms. Whoever does not want "
    "to be named there is counted among the others. The pdf is the packet that is handed over, with the letter.",
)
LIST_FOR_PUBLIC = P_(
    "For the public: {count} name that everyone may see, with its comment. All others are a number.",
    "For the public: {count} names that everyone may see, with their comments. All others are a number.",
)
LIST_HELD = P_(
    "For organisers: {count} signature that waits for review. It is in no count and in no other list.",
    "For organisers: {count} signatures that wait for review. They are in no count and in no other list.",
)
LIST_WITHDRAWN = P_(
    "For organisers: {count} signature that was withdrawn. Its name is erased; it is in no count.",
    "For organisers: {count} signatures that were withdrawn. Their names are erased; they are in no count.",
)
LIST_STRUCK = P_(
    "For organisers: {count} signature that was struck. It is in no count and in no other list.",
    "For organisers: {count} signatures that were struck. They are in no count and in no other list.",
)
LIST_WITHOUT_ERASED = N_("Whoever of them has been erased is only counted, not named.")
FOR_ORGANISERS_BUTTON = N_("For organisers")
FOR_ADDRESSEE_BUTTON = N_("For the addressee")
FOR_PUBLIC_BUTTON = N_("For the public")
HELD_BUTTON = N_("Waiting for review")
WITHDRAWN_BUTTON = N_("Withdrawn")
STRUCK_BUTTON = N_("Struck")
EXPORT_TOLD = N_("Every export is told to all organisers.")
EXPORT_WORKING = N_("The list is being written. The file comes in a moment.")
EXPORT_WRITING = N_("{done} of {total} rows are written.")
EXPORT_UNKNOWN = N_("“{word}” is no format, no reader and no status.")
EXPORT_NO_PDF = N_(
    "A pdf is the packet that is handed over: there is one for the addressee and one for the public."
)
EXPORT_NOT_COUNTED = N_("Signatures that are not counted are for organisers alone, as csv, xlsx or jsonl.")
EXPORT_ROWS = P_("{count} row, {readers}", "{count} rows, {readers}")
EXPORT_EMPTY = N_("Nobody is in this list yet, so there is no file.")
EXPORT_ALL_OTHERS = P_(
    "{count} signed, whose name is not for these readers or was erased: the list would be empty, so there is no file.",
    "{count} signed, whose names are not for these readers or were erased: the list would be empty, so there is no "
    "file.",
)
EXPORT_ERASED = P_(
    "{count} other signed whose name has been erased.", "{count} others signed whose names have been erased."
)
EXPORT_LOST = P_(
    "There is no list, and nobody has got anything: of {count} signature the name, or when and where it was given, was "
    "emptied or altered. Whoever runs the bot can find out more: undersigned verify",
    "There is no list, and nobody has got anything: of {count} signatures the name, or when and where it was given, "
    "was emptied or altered. Whoever runs the bot can find out more: undersigned verify",
)
EXPORT_LOST_NUMBERS = N_("Among them: {numbers}")
EXPORT_HANDED = N_("The list is written.")
EXPORT_REMOVED = N_("The list is here. It is removed from this chat at {when}.")
EXPORT_OTHERS = P_(
    "{count} other signed whose name is not for these readers.",
    "{count} others signed whose names are not for these readers.",
)
EXPORT_MANIFEST = N_(
    "This belongs beside {file}: it says what is in there, and “undersigned verify-export” checks by it that nothing "
    "was altered. It names nobody."
)
EXPORT_CHECKSUM = N_("SHA-256: {checksum}")
EXPORT_GUARD = N_("Names are in it. Save it where only you can read it.")
EXPORT_SEALED = N_("It is encrypted to your age key: “undersigned decrypt” or “age” opens it.")
EXPORT_OFF = N_(
    "Lists are not handed out in the chat here. Whoever runs the bot can write one: undersigned export {slug} -o FILE"
)
EXPORT_NEEDS_KEY = N_("Lists are handed out only encrypted here. Give your age key first: /key age1…")
EXPORT_TOO_LARGE = N_(
    "This list is larger than what is taken here. Nobody has got it. Whoever runs the bot can write it: {command}"
)
KEY_SET = N_(
    "Your exports are encrypted to this key from now on. Only its secret part opens them: keep that safe."
)
KEY_REMOVED = N_("Your key is removed. Your exports are not encrypted any more.")
KEY_PRESENT = N_("Your exports are encrypted to {key}.")
KEY_NONE = N_("You have given no key. “age-keygen” makes one; send its public part: /key age1…")
KEY_WRONG = N_("That is no age key to encrypt to: it begins with age1 and is made by “age-keygen”.")
