resource "terraform_data" "a" {
  for_each = { x = {}, y = { n = 1 } }
  input    = each.value.n
}
