resource "terraform_data" "a" {
  for_each = toset(["x", "y"])
  input    = { x = 1 }[each.key]
}
