resource "terraform_data" "keep" {
  input = 2
}
