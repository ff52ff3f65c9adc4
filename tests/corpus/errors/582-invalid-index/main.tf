variable "l" {
  default = []
}
check "o" {
  assert {
    condition     = length(var.l) == 1
    error_message = var.l[0]
  }
}
