c = "auto-z"
