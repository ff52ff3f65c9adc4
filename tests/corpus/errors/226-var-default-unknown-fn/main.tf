variable "a" {
  default = nope()
}
