variable "a" {
  type = null
}
