"""What every service stands on: keep a fact, send it, answer for it, stay alive."""
