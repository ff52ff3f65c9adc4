variable "a" {
  type = map()
}
