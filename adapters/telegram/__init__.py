"""Telegram: private chats, groups, channels and inline mode."""
