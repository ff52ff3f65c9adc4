resource "terraform_data" "y" {
  for_each = toset(["1"])
}
