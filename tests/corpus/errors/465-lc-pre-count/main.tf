resource "terraform_data" "a" {
  count = 3
  lifecycle {
    precondition {
      condition     = count.index < 1
      error_message = "Index ${count.index}."
    }
  }
}
