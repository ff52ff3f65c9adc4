resource "terraform_data" "b" {
  count = 2
}
resource "terraform_data" "a" {
  for_each = toset(terraform_data.b[*].id)
}
