variable "a" {
  type = object({
    b = string
    b = number
  })
}
