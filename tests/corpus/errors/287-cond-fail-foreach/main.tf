resource "terraform_data" "a" {
  for_each = toset(["x", "y"])
  lifecycle {
    precondition {
      condition     = each.key != "y"
      error_message = "No ${each.key}."
    }
  }
}
