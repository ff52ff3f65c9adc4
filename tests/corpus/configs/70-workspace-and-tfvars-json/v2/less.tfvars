env = {
  name = "q"
  list = [{ k = "b" }]
}
