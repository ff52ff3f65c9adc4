resource "terraform_data" "d" {
  triggers_replace = 2
}
