variable "cfg" {
  type = object({ name = string, n = number })
}
