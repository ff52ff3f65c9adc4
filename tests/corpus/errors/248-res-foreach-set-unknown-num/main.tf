resource "terraform_data" "b" {
}
resource "terraform_data" "a" {
  for_each = toset([length(terraform_data.b.id)])
}
