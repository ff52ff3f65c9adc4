variable "a" {
  type = object({ c = string })
}
