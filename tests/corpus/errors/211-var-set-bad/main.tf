variable "a" {
  type = set(number)
}
