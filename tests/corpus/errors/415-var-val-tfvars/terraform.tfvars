a = "n"
