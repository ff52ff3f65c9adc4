variable "a" {
  type = object({
    b = "string"
  })
}
