"""What is said about a petition file: what was understood, and what is wrong with its remedy."""

from bot.words.catalog import N_, P_

ON_LINE = N_("line {line}: {problem}")
AND_MORE = P_("and {count} more problem", "and {count} more problems")

# the file as a whole
ABSENT = N_("{name}: there is no such file. Check the name and the folder")
A_FOLDER = N_("{name} is a folder. Name the petition file in it")
NOT_PERMITTED = N_("{name}: reading it is not permitted. Give yourself the right to read it")
UNREADABLE = N_("{name} can't be read ({reason})")
EMPTY = N_("The file is empty. Write the petition into it")
TOO_LARGE = N_(
    "The file is larger than 1 MB. A petition is text of some pages; leave pictures and the rest out"
)
BINARY = N_("The file is no text. Save the petition as plain text (.txt or .md) in UTF-8")
A_PDF = N_("The file is a PDF. Copy its text into a plain text file (.txt) and take that")
AN_OFFICE_FILE = N_(
    "The file is from a word processor. Save it there as plain text (.txt, UTF-8) and take that"
)
A_WEB_PAGE = N_("The file is a web page. Copy its text into a plain text file (.txt) and take that")
UTF16 = N_("The file is in UTF-16. Save it again with the encoding UTF-8")
NOT_UTF8 = N_(
    "a letter here is not in UTF-8, but perhaps in {encoding}. Save the file with the encoding UTF-8"
)

# characters
CONTROL_CHARACTER = N_("a control character ({character}) stands here. Take it out")
DIRECTION_OVERRIDE = N_(
    "an invisible character ({character}) that turns the direction of the text stands here. Take it out"
)
LETTER_LOST = N_("a letter was lost here ({character} stands in its place). Type it again")
STACKED_MARKS = N_("more marks are stacked on one letter here than any script needs. Take them off")
MORE_LINES_LIKE_IT = P_("{count} more line has such characters", "{count} more lines have such characters")
ESCAPED_CHARACTER = N_("`{key}` holds a character ({character}) that may not stand in a text. Take it out")
INVISIBLE_TAKEN_OUT = N_("invisible characters that came with the text were taken out, here and below")

# front matter
NOT_CLOSED = N_("the front matter begins here and never ends. Put a line `+++` below its last key")
SECOND_FRONT_MATTER = N_(
    "a second front matter begins here. A file holds one petition: keep one `+++` … `+++`"
)
FENCE_NOT_FIRST = N_(
    "front matter begins here, but below other text. Move the line `+++` to the top of the file"
)
NO_FENCE = N_("this looks like front matter. Put a line `+++` above it, and another below its last key")
YAML = N_('front matter stands between lines `+++`, not `---`, and is written like this: title = "…"')
NOT_TOML = N_('this can\'t be read: {text} (Write KEY = VALUE, with texts in quotation marks: title = "…")')
KEY_TWICE = N_("this is there twice: {text} (Keep one of them)")
UNKNOWN_KEY_MEANT = N_("there is no key `{key}`. Did you mean `{meant}`?")
UNKNOWN_KEY = N_("there is no key `{key}`. The keys here are {known}")
MISSING_KEY = N_("`{key}` is missing. Add a line such as {example}")
EMPTY_KEY = N_("`{key}` says nothing. Write it between the quotation marks")
WRITE_IT_SO = N_("`{key}` is not written as it should be. Write it like this: {example}")
TOO_LONG = N_("`{key}` has {count} characters, and {most} are the most. Shorten it")
TOO_MANY = N_("`{key}` has too many entries: {most} are the most. Leave some out")
NOT_FROM_TO = N_("`{key}` takes whole numbers from 1 to {most}")
NOT_INCREASING = N_("`{key}` must grow from each number to the next, without repeating one")
NO_OFFSET = N_(
    "`{key}` does not say in which time zone. Add Z for UTC, or an offset such as -05:00: {example}"
)
NO_TIME = N_("`{key}` says no time of day. Write it in full: {example}")
QUOTED_TIME = N_("`{key}` takes a time without quotation marks: {example}")
CLOSES_FIRST = N_("`{key}` is not later than `opens`. Correct one of them")
CLOSES_IN_THE_PAST = N_("`{key}` is past already. Give a time to come, or leave it out")
OPENS_IN_THE_PAST = N_("`opens` is past: the petition takes signatures as soon as it is stored")
UNKNOWN_CHOICE = N_("`{key}` does not know {given}. It takes {known}")
REACH_TWICE = N_("`{key}` names one choice twice. Name each once")
NO_REACH = N_(
    "`{key}` offers nobody. Name who may see a signer's name, or leave it out for all three choices"
)
HOW_MANY_OPTIONS = N_("`{key}` takes {least} to {most} answers")
ASK_ONLY_TRANSLATED = N_(
    "`{key}` translates a question that the petition itself does not ask. Add `ask` above"
)
OTHER_OPTIONS = N_(
    "`{key}` must have the same {count} answers as the petition's own question, in the same order"
)
OPTION_TWICE = N_("`{key}` has one answer twice. Keep one of them")
BELONGS_BELOW = N_(
    "`{key}` stands below the front matter: first the background, then `## Letter` and the letter"
)
NO_WORD = N_("`{key}` takes names, and {given} has no letter in it. Take it out")
UNKNOWN_LANGUAGE = N_("{code} is not the code of a language. Write one such as en, es or pt-BR")
LANGUAGE_TWICE = N_("the language {code} is there twice. Keep one text of it")
HALF_A_TRANSLATION = N_("the translation {code} lacks {missing}. Complete it, or take it out as a whole")
PRIVACY_NOT_TRANSLATED = N_(
    "the translation {code} has no `privacy` of its own; the one of the config stands there"
)

# the body
NO_LETTER = N_("the letter is missing. Put a line `## Letter` above it")
SECOND_LETTER = N_("a second letter begins here. A petition has one: keep one heading `## Letter`")
EMPTY_LETTER = N_("the letter says nothing. Write below its heading what people are to sign")

# the short name
BAD_SLUG = N_("{slug} can't be the short name: it takes 2 to 40 of a-z, 0-9 and hyphens, such as {meant}")
NO_SLUG = N_(
    'no short name can be made of this title. Add one of a-z, 0-9 and hyphens: slug = "…", '
    "or on a plain page a line `Slug: …`"
)
SLUG_IS_FIXED = N_("a stored petition keeps its short name {slug}. Write that one, or leave it out")

# a plain page
NO_TITLE = N_("the first line must be the title")
LONG_FIRST_LINE = N_("the first line must be the title, but has {count} characters; {most} are the most")
NO_TO = N_("Nobody is addressed. Put a line `To: WHO` above the letter")
NO_LETTER_ON_PAGE = N_("the letter is missing. Write it below the lines `To:` and `From: [Your Name]`")
UNPLACED = N_("can't place this: {text} (Background goes above `Sponsored by`, the letter below `To:`)")
NO_SPONSORS_NAMED = N_("names no sponsor; the petition has none")
SIGNERS_PLACE = N_("{text} is understood as the place of whoever signs")
FROM_LEFT_OUT = N_("{text} is left out: each signs with a name of their own")
ADDRESSEE_AGAIN = N_("names the addressee, {to}, as `To:` does; it is not taken as background")
KEPT_IN_LETTER = N_("{text} is kept as a part of the letter")
PLACE_IN_LETTER = N_("a place for a name within a sentence of the letter stays as it is typed")
OTHER_LANGUAGES_KEPT = N_(
    "The texts in other languages ({languages}) stay as they are. See whether they still say the same"
)
