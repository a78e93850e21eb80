"""The first page of help, laid out by hand. A test compares it with the commands that there are."""

OVERVIEW = """\
Undersigned: read and sign a petition where you already talk.

Usage: undersigned COMMAND …

Try it
  demo                   chat in this terminal: read and sign a petition

Set up
  setup                  make a bot that runs, question by question
  init [FOLDER]          the same files without questions, for scripts
  check                  examine everything, and say what to do

Petitions
  petition add FILE      read a petition file and keep it as a draft
  petition update        replace its text, after showing the difference
  petition list | show   what there is
  petition open | close | reopen | deliver
  totals [PETITION]      how many have signed

False signatures
  review PETITION        what waits for a look before it counts
  accept | strike        count what waits, or take false ones out
  unstrike | undo        give struck ones back, or undo what was done lately

The list of signers
  export PETITION -o F   write it to a file, for those who may see it
  verify-export FILE     compare such a file with its manifest
  decrypt FILE -i KEY    read one that was encrypted to your age key

Run
  run                    serve every platform that has a token
  backup FILE            copy the database while it is in use
  restore FILE           put a copy back
  verify                 recount every total and look for damage
  anonymise PETITION     erase who signed one that has ended
  key rotate             encrypt everything under a new key
  audit [PETITION]       who did what, and when
  migrate                bring the database to this version

Before or after any command
  --config FILE          a config file other than config.toml in this folder
  --debug                show where an error comes from
  --version              the version

undersigned COMMAND --help says more about one command.
"""
