check "x" {
  assert {
    condition     = true
    error_message = "x"
  }
}
check "x" {
  assert {
    condition     = true
    error_message = "x"
  }
}
