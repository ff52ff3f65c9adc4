resource "terraform_data" "a" {
  for_each = { for k, v in terraform_data.a : k => v }
}
