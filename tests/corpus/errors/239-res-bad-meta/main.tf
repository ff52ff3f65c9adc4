resource "terraform_data" "a" {
  Count = 1
}
