resource "terraform_data" "solo" {
  input = "s"
}
