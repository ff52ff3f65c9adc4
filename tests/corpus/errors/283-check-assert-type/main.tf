check "c" {
  assert {
    condition     = local.x
    error_message = "x"
  }
}
locals {
  x = "no"
}
