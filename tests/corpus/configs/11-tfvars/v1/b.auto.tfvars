d = "b-auto"
