"""What is said to members, moderators and organisers in chat."""

from bot.words.catalog import N_, P_

# commands, as platforms list them (at most 100 characters)
PETITION_COMMAND = N_("Read a petition: what it asks, of whom, and how many have signed")
SIGN_COMMAND = N_("Sign a petition: read the letter, confirm your name, choose who sees it")
MYSIGNATURES_COMMAND = N_("See your signatures and receipts; change name, comment or who sees them")
WITHDRAW_COMMAND = N_("Take a signature back, here or by the code of its receipt")
SIGNERS_COMMAND = N_("See the names of those who sign for everyone to see")
TOTALS_COMMAND = N_("See how many have signed")
PRIVACY_COMMAND = N_("What is stored about you, who can read it, for how long")
HELP_COMMAND = N_("What you can do here")
CLAIM_COMMAND = N_("Become an organiser with the one-time code that the set-up printed")
WHICH_ARGUMENT = N_("Which petition, by its title or short name")
CODE_ARGUMENT = N_("The code on your receipt, to withdraw from any account")
CLAIM_ARGUMENT = N_("The one-time code")

# the card of a petition
TO = N_("To: {to}")
SPONSORED_BY = N_("Sponsored by {sponsors}")
SIGNED_COUNT = P_("{count} has signed", "{count} have signed")
SIGNED_OF_GOAL = P_("{count} of {goal} has signed", "{count} of {goal} have signed")
STATE_DRAFT = N_("This is a draft: only organisers see it.")
STATE_OPENS = N_("It opens for signatures on {when}.")
STATE_OPEN = N_("Open for signatures.")
STATE_CLOSES = N_("Open for signatures until {when}.")
STATE_PAUSED = N_("Signing is paused for a while. Please come back when it goes on.")
STATE_CLOSED = N_("Closed: it takes no more signatures.")
STATE_DELIVERED = N_("Delivered to {to}.")
NOT_YOU = N_("Questions, or a signature in your name that is not yours? Write to {contact}.")
SIGN_BUTTON = N_("Sign")
READ_LETTER_BUTTON = N_("Read the letter")
POST_HERE_BUTTON = N_("Post here")
CANT_POST_DRAFT = N_("This is a draft, which members can't read yet. Open the petition first, then post it.")
WHICH_PETITION = N_("Which petition?")
NO_PETITION_YET = N_("There is no petition here yet.")
NO_SUCH_PETITION = N_("There is no petition “{which}” here, but there are these:")
FROM_SIGNER = N_("From: [your name]")

# the form
SIGN_TITLE = N_("Sign the letter")
NAME_LABEL = N_("Your name")
NAME_ACTION = N_("Another name")
NAME_HINT = N_("As it should stand under the letter: 2 to 100 characters, in any script.")
REACH_LABEL = N_("Who sees my name")
REACH_ACTION = N_("Who sees it")
REACH_ORGANISERS = N_("The organisers only")
REACH_ORGANISERS_HINT = N_("You are counted; in the letter you are one of “and others”.")
REACH_ADDRESSEE = N_("The organisers and {to}")
REACH_ADDRESSEE_HINT = N_("Your name goes to them with the letter.")
REACH_EVERYONE = N_("Everyone")
REACH_EVERYONE_HINT = N_("Your name is also listed in chat by /signers.")
COMMENT_LABEL = N_("Comment (optional)")
COMMENT_ACTION = N_("Add a comment")
COMMENT_HINT = N_("It goes where your name goes. At most {limit} characters.")
ANSWER_ACTION = N_("Answer the question")
ANSWER_NONE = N_("No answer")
SIGN_AS = N_("Sign as {name}")
SAVE_CHANGES = N_("Save")
CHANGE_TITLE = N_("Change your signature")
CANCEL_BUTTON = N_("Cancel")
BACK_BUTTON = N_("Back")
TRY_AGAIN_BUTTON = N_("Try again")
CANCELLED = N_("Cancelled. Nothing was stored.")
TYPE_VALUE = N_("{label}: type it now.")
NOT_GIVEN = N_("(none)")
FORM_EXPIRED = N_(
    "This form is no longer there; a half-filled one is kept for a day. Start again with /sign or /mysignatures."
)
FORM_SPENT = N_("That form has been used already. Here is a fresh one: please read it, then sign.")
TEXT_CHANGED = N_("The petition was edited while you read. This is its new text: please read it, then sign.")

# why a name or a comment is refused
NAME_SUGGESTION = N_("How about “{suggestion}”?")
NAME_TOO_SHORT = N_("A name needs at least 2 letters.")
NAME_TOO_LONG = N_("A name has at most 100 characters.")
NAME_LINK = N_("A name can't contain a web address.")
NAME_MENTION = N_("A name can't mention others or call a command.")
NAME_CONTROL = N_("A name can't contain control characters ({detail}).")
NAME_INVISIBLE = N_("A name can't contain invisible characters ({detail}).")
NAME_SYMBOL = N_("A name can't contain {detail}: letters, spaces, apostrophes, hyphens and dots are fine.")
NAME_STACKED_MARKS = N_("This name has more marks on one letter than any script needs.")
NAME_MISPLACED = N_("A name can't have {detail} in that place.")
NAME_NO_LETTER = N_("A name needs a letter.")
NAME_PLACEHOLDER = N_("This looks like a placeholder. Please give your own name.")
COMMENT_TOO_LONG = N_("A comment has at most {limit} characters; yours has {length}.")
COMMENT_HIDDEN = N_("A comment can't contain invisible or control characters ({detail}).")
COMMENT_STACKED_MARKS = N_("This comment has more marks on one letter than any script needs.")
CHOICE_UNKNOWN = N_("{label}: this is not one of the choices. Please choose again.")

# signing
RECEIPT_TITLE = N_("You have signed")
RECEIPT_HELD_TITLE = N_("Your signature waits for review")
RECEIPT_HELD = N_("The organisers look at it before it counts. It is stored, and you need do nothing.")
RECEIPT_PETITION = N_("Petition")
RECEIPT_NUMBER = N_("Number")
RECEIPT_NAME = N_("Name")
RECEIPT_REACH = N_("Seen by")
RECEIPT_COMMENT = N_("Comment")
RECEIPT_TIME = N_("Signed")
RECEIPT_TEXT = N_("Text version")
RECEIPT_CODE = N_("Code")
RECEIPT_STATUS = N_("State")
RECEIPT_KEEP = N_(
    "Keep the code: with /withdraw and the code, whoever holds it can take this signature back, "
    "from any account. So show it to nobody."
)
RECEIPT_SEALED = N_("(can't be read here)")
STATUS_COUNTED = N_("counted")
STATUS_HELD = N_("waits for review")
STATUS_WITHDRAWN = N_("withdrawn")
STATUS_STRUCK = N_("struck by the organisers")
STRUCK_CONTACT = N_(
    "The organisers took this signature out of the count. If that is wrong, write to {contact}."
)
STRUCK_NO_CONTACT = N_("The organisers took this signature out of the count. If that is wrong, tell them.")
ALREADY_SIGNED = N_("You have signed this petition already, thank you. This is your receipt:")
ALREADY_STRUCK = N_(
    "You have signed this petition already; the organisers took your signature out of the count:"
)
CANT_SIGN_DRAFT = N_("“{title}” is not open for signatures yet.")
CANT_SIGN_PAUSED = N_("Signing “{title}” is paused for a while. Please come back later: nothing is lost.")
CANT_SIGN_CLOSED = N_("“{title}” is closed and takes no more signatures.")
CANT_SIGN_DELIVERED = N_("“{title}” has been delivered and takes no more signatures.")
ONLY_MEMBERS_SIGN = N_(
    "Only a person's own account can sign: not a channel, a bot or an anonymous administrator."
)
BUSY = N_("Very many people are signing just now. Please try again in a minute: nothing was stored yet.")
NOT_STORED = N_("Your signature could not be stored, and is not counted. Please try again in a moment.")
MY_SIGNATURES_BUTTON = N_("My signatures")
TELL_ME_BUTTON = N_("Tell me what happens")
TELL_NO_MORE_BUTTON = N_("Don't write to me")
TOLD = N_(
    "We will write to you when “{title}” closes, when it is delivered, and when its organisers have news. "
    "For that your account's id is kept, encrypted, until then."
)
TOLD_NO_MORE = N_("We will not write to you about “{title}”, and your account's id is erased from that list.")
IN_PRIVATE = N_("That is between you and me: please use the private chat.")
REMOVE_BUTTON = N_("Remove from this chat")

# own signatures
MY_SIGNATURES = N_("Your signatures")
NO_SIGNATURES = N_(
    "You have not signed anything here, or have taken it back, or what led from it to you has been erased."
)
CHANGE_BUTTON = N_("Change")
CHANGE_ONE_BUTTON = N_("Change: {title}")
WITHDRAW_BUTTON = N_("Withdraw")
WITHDRAW_ONE_BUTTON = N_("Withdraw: {title}")
CHANGED = N_("Changed.")
CANT_CHANGE_DELIVERED = N_("“{title}” has been delivered: its signatures can't be changed any more.")
CANT_CHANGE = N_("This signature can't be changed any more: it is {status}.")

# withdrawing
WITHDRAW_TITLE = N_("Withdraw your signature?")
WITHDRAW_BY_CODE_TITLE = N_("Withdraw this signature?")
WITHDRAW_WHICH = N_("It is {which}.")
WITHDRAW_EXPLAIN = N_("It leaves the total and the list at once, and its name and comment are erased.")
WITHDRAW_EXPLAIN_HELD = N_("It does not wait for review any more, and its name and comment are erased.")
WITHDRAW_YES_BUTTON = N_("Yes, withdraw")
KEEP_BUTTON = N_("No, keep it")
KEPT = N_("Nothing has changed.")
WITHDRAWN = N_(
    "Withdrawn: your signature is not counted, and your name and comment are erased. "
    "You may sign again while the petition is open."
)
WITHDRAWN_BY_CODE = N_("Withdrawn: this signature is not counted, and its name and comment are erased.")
WITHDRAWN_BEFORE = N_("This signature is withdrawn already.")
CANT_WITHDRAW_DELIVERED = N_(
    "“{title}” has been delivered with its signatures: they can't be withdrawn any more. From the account that signed, "
    "/forgetme erases what is stored about it."
)
CODE_UNKNOWN = N_(
    "No signature has the code “{code}”, or none any more: codes are erased with the names. "
    "A receipt's code has {length} letters and digits."
)
WITHDRAW_HOW = N_("To withdraw a signature from another account, send /withdraw and the code of its receipt.")

# totals and signers
TOTALS_TITLE = N_("{title}: totals")
TOTALS_AS_OF = N_("As of {when}.")
TOTALS_HOURLY = N_("This total moves on the hour, so that nobody can watch who signs.")
TOTALS_HELD = P_("{count} waits for review", "{count} wait for review")
TOTALS_WITHDRAWN = P_("{count} withdrawn", "{count} withdrawn")
TOTALS_STRUCK = P_("{count} struck", "{count} struck")
TOTALS_NOT_COUNTED = N_("Not in the total: {list}.")
BY_PLATFORM = N_("By platform")
BY_ANSWER = N_("By answer")
NEXT_MILESTONE = N_("Next milestone: {milestone}")
SIGNERS_TITLE = N_("{title}: signers")
SIGNERS_NONE = N_("Nobody has chosen to be listed here yet.")
SIGNERS_OTHERS = P_(
    "And {count} other, who chose not to be listed here.",
    "And {count} others, who chose not to be listed here.",
)
SIGNERS_HOURLY = N_("Names appear here from the next day on, so that nobody can watch who signs.")
MORE_BUTTON = N_("More")

# help and roles
HELP_TITLE = N_("What you can do here")
YOU_ARE = N_("You are {account}.")
HELP_MODERATORS = N_("For moderators")
HELP_ORGANISERS = N_("For organisers")
UNKNOWN_COMMAND = N_("There is no command /{name}. /help tells what there is.")
SAY_A_COMMAND = N_("I did not expect a message just now. /help tells what you can do.")
UNKNOWN_BUTTON = N_("This button is out of date. Start again with /petition.")
NOT_ALLOWED_MODERATOR = N_("Only moderators of this community can do that.")
NOT_ALLOWED_ORGANISER = N_("Only organisers can do that.")
NOT_HERE = N_("/{name} does not work in this place.")
CLAIMED = N_("You are an organiser now. /help shows what that adds.")
CLAIM_ALREADY = N_("You are an organiser already. The code was not used up.")
CLAIM_REFUSED = N_(
    "This code is wrong, used up or expired. The command “undersigned setup” prints a new one."
)
CLAIM_MISSING = N_("Send the code with it: /claim CODE")
MEMBERS_ONLY_CLAIM = N_("Only a person's own account can become an organiser.")
APOLOGY = N_(
    "Sorry, something went wrong on our side. Please try again. If it happens again, tell us this code: {incident}"
)

# privacy
PRIVACY_TITLE = N_("Your privacy")
PRIVACY_STORED_TITLE = N_("What is stored")
PRIVACY_STORED = N_(
    "When you sign: your name and comment as you gave them, who may see them, the time, the community and the "
    "language you signed in, your answer to the petition's question if you gave one, which text you signed, and a "
    "code made from your account's id, so that one account signs once. No email address, no phone number."
)
PRIVACY_ENCRYPTED = N_(
    "Name, comment, time, community and answer are encrypted with a key that is kept apart from the database. "
    "Whoever has only the database, or a backup of it, can't tell who signed. Whoever takes over the running "
    "server can."
)
PRIVACY_READERS_TITLE = N_("Who can read it")
PRIVACY_READERS = N_(
    "The organisers, all of it. The addressee and everyone else: only your name and comment, and only if you chose "
    "so. Moderators of a community see no more than everyone does."
)
PRIVACY_KEEP_TITLE = N_("For how long")
PRIVACY_KEEP_DELIVERY = P_(
    "Names are kept until {count} day after the petition is delivered.",
    "Names are kept until {count} days after the petition is delivered.",
)
PRIVACY_KEEP_CLOSE = P_(
    "If it is not delivered: until {count} day after it closes.",
    "If it is not delivered: until {count} days after it closes.",
)
PRIVACY_KEEP_UNSET = N_("The organisers have set no date for erasing names.")
PRIVACY_RIGHTS_TITLE = N_("What you can do")
PRIVACY_RIGHTS = N_(
    "See and change what you gave with /mysignatures, and get all that is stored about you with /mydata. Take a "
    "signature back with /withdraw until the petition is delivered: your name and comment are erased at once; number "
    "and day stay, without a name. /forgetme erases all that leads to you, at any time. A backup made before may hold "
    "it for a while longer, still encrypted."
)
PRIVACY_PLATFORM_TITLE = N_("What the chat platform sees")
PRIVACY_PLATFORM = N_(
    "Discord or Telegram carries every message and every press of a button here: it can see that you signed and "
    "what you typed. That is outside our reach."
)
PRIVACY_CONTACT = N_("Whom to write to: {contact}")
PRIVACY_NO_CONTACT = N_("The organisers have given no contact address.")
RECEIPT_OF = N_("Your signature under “{title}”")
