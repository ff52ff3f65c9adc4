variable "a" {
  type = object({ l = list(number) })
}
