resource "terraform_data" "a" {
  provider = 5
}
