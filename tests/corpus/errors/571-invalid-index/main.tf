variable "l" {
  default = []
}
check "o" {
  assert {
    condition     = length(var.l) == 0
    error_message = var.l[0]
  }
}
