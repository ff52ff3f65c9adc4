resource "terraform_data" "a" {
  triggers_replace = 2
}
resource "terraform_data" "b" {
  triggers_replace = terraform_data.a.id
  lifecycle {
    precondition {
      condition     = length(terraform_data.a.id) == 3
      error_message = "x"
    }
  }
}
resource "terraform_data" "c" {
  input = terraform_data.b.id
}
