variable "cfg" {
  type = object({
    name  = string
    disks = list(object({
      id   = string
      tags = optional(map(string), { d = "e" })
      opts = optional(object({ fast = optional(bool, true), size = optional(number, 3) }), {})
    }))
    extra = optional(object({ a = optional(string, "A") }), { a = "B" })
    other = optional(set(number), [3, 1, 3])
  })
}
variable "nn" {
  type     = list(string)
  default  = ["d"]
  nullable = false
}
variable "maybe" {
  type    = string
  default = "def"
}
output "cfg" {
  value = var.cfg
}
output "nn" {
  value = var.nn
}
output "maybe" {
  value = var.maybe == null
}
