variable "a" {
  type = object({
    a = optional(object({
      b = optional(list(number), ["x"])
    }), {})
  })
}
