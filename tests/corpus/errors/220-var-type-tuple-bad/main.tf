variable "a" {
  type = tuple([string, nope])
}
