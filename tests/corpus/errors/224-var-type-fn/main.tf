variable "a" {
  type = tolist(string)
}
