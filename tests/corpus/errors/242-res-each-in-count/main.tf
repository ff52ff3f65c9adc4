resource "terraform_data" "a" {
  count = each.key
}
