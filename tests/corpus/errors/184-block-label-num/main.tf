resource "terraform_data" 5 {
}
