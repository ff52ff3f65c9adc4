variable "a" {
  type = object({ x = number, y = number })
}
