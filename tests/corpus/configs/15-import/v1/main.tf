resource "terraform_data" "one" {
}
import {
  to = terraform_data.one
  id = "abc"
}
resource "terraform_data" "many" {
  for_each = toset(["x", "y"])
}
import {
  for_each = { x = "id-x", y = "id-y" }
  to       = terraform_data.many[each.key]
  id       = each.value
}
output "ids" {
  value = [terraform_data.one.id, terraform_data.many["x"].id]
}
