"""What the Discord adapter itself says, beside what the core says through it."""

from bot.words.catalog import N_

TEXT_AS_FILE = N_("This text is long: all of it is in the file.")
LETTER_GOES_ON = N_(
    "(It goes on. All of it: leave this form, and press “{button}” below what /petition shows.)"
)
FILE_TOO_LARGE = N_(
    "The file is larger than what Discord takes here. Whoever runs the bot can make it on the command line."
)
POSTED = N_("Posted.")
