cfg = {
  name = "x"
}
