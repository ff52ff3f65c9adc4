variable "x" {
  default = "abc"
}
check "c" {
  assert {
    condition     = var.x == "d"
    error_message = var.x.y
  }
}
