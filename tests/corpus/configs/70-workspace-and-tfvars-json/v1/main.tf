variable "env" {
  type = object({ name = string, n = optional(number, 1), list = optional(list(object({ k = string })), []) })
}
locals {
  items = { for i, x in var.env.list : x.k => i }
}
resource "terraform_data" "x" {
  for_each = local.items
  input    = "${var.env.name}-${each.key}-${each.value}"
}
output "x" {
  value = { for k, v in terraform_data.x : k => v.output }
}
