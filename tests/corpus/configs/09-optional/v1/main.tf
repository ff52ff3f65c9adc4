variable "disks" {
  type = map(object({
    size  = number
    type  = optional(string, "cloud_essd")
    tags  = optional(map(string), {})
    sched = optional(object({
      hour = optional(number, 3)
      days = optional(list(string), ["mon"])
    }), {})
    note = optional(string)
  }))
  default = {
    a = { size = 1 }
    b = { size = "2", type = "x", tags = { k = 1 }, sched = { hour = 5 } }
    c = { size = 3, type = null, sched = null, note = "hi" }
  }
}
resource "terraform_data" "d" {
  for_each = var.disks
  input    = each.value
}
output "d" {
  value = { for k, d in terraform_data.d : k => d.output }
}
