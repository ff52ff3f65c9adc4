resource "terraform_data" "q" {
  input = "z"
}
