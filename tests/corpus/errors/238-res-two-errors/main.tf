resource "terraform_data" "a" {
  input = local.x
  triggers_replace = local.y
}
