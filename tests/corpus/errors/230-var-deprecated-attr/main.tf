variable "a" {
  deprecated = "x"
}
