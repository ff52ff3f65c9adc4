resource "terraform_data" "in" {
  input = 3
}
