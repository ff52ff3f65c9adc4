resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition = alltrue([
        1 > 2,
        true,
      ])
      error_message = <<-EOT
        Not
        good.
      EOT
    }
  }
}
