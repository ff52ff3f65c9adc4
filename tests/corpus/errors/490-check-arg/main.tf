check "x" {
  foo = 1
  assert {
    condition     = true
    error_message = "x"
  }
}
