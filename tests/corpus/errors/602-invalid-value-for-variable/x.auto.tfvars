
l = ["a", "bcd"]
