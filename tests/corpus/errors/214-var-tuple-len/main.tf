variable "a" {
  type = tuple([number, number])
}
