variable "a" {
  type    = map(list(string))
  default = {
    a = ["x"]
    b = "y"
  }
}
