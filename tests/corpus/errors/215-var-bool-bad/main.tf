variable "a" {
  type = bool
}
