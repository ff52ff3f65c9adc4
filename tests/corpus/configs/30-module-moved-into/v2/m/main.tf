resource "terraform_data" "a" {
  input = 1
}
resource "terraform_data" "c" {
  for_each = toset(["x", "z"])
  input    = each.key
}
output "all" {
  value = [for r in terraform_data.c : r.output]
}
