"""Discord: slash commands, buttons and modals."""
