variable "a" {
  type    = map(list(number))
  default = { x = [1, "q"] }
}
