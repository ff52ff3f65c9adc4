a = "extra"
