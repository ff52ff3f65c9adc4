check "c" {
  assert {
    condition     = length(var.x)
    error_message = "x"
  }
}
variable "x" {
  default = "abc"
}
