"""What stands in the packet that is handed over, beside the letter and the names."""

from bot.words.catalog import N_, P_

# cover: the number stands alone and large, above this word
SIGNATURES = P_("signature", "signatures")
TO = N_("To: {to}")
SPONSORS = N_("Brought by: {names}")
NAMED = P_(
    "{count} of those who signed is named in this packet.",
    "{count} of those who signed are named in this packet.",
)
OTHERS_ADDRESSEE = P_(
    "{count} other is counted, who gave the name to the organisers only.",
    "{count} others are counted, who gave their names to the organisers only.",
)
OTHERS_PUBLIC = P_(
    "{count} other is counted, and did not ask to be named in public.",
    "{count} others are counted, and did not ask to be named in public.",
)
OTHERS_ERASED = P_(
    "{count} other is counted. The name has been erased.",
    "{count} others are counted. Their names have been erased.",
)
ONE_EACH = N_("One signature per chat account. Names are as given; identity was not checked.")
SIGNED_ON = N_("Signed on {first}.")
SIGNED_BETWEEN = N_("Signed between {first} and {last}.")
MADE = N_("Made on {at}.")
STILL_OPEN = N_("The petition was open for signatures when this was made.")
CLOSED = N_("The petition was closed for signatures when this was made.")
NOT_COUNTED = N_(
    "Not in the number above: {held} held for review, {withdrawn} withdrawn, {struck} struck out."
)
CONTENTS = N_("In this packet")
ON_PAGE = N_("{what}: page {page}")
CHECKSUM = N_("Checksum of the list of names")
CHECKSUM_EXPLAIN = N_(
    "This is the SHA-256 of the names and comments in this packet, in its order, as JSON lines. The organisers' export "
    "of the same list in that format has the same checksum, as long as nobody joins, changes or leaves it."
)

# letters
COVER = N_("Cover")
LETTER = N_("The letter")
LETTER_IN = N_("The letter ({language})")
LETTER_SIGNED = P_("{count} person signed this text.", "{count} people signed this text.")
TEXT_VERSION = N_("Text version: {version}")
PRIVACY_TOLD = N_("What signers were told about their data: {privacy}")

# names
NAMES = N_("Names")
NO_NAMES = N_("Nobody is named in this packet.")
AND_OTHERS = P_("and {count} other", "and {count} others")
PAGE = N_("Page {page}")
