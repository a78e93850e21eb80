"""`python -m bot` is `undersigned`."""

from bot.cli import main

main()
