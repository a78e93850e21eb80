"""What members fill in. A platform shows a form whole, or `bot.asking` asks it step by step."""
