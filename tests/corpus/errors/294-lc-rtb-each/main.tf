resource "terraform_data" "b" {
  for_each = toset(["a"])
}
resource "terraform_data" "a" {
  lifecycle {
    replace_triggered_by = [terraform_data.b[each.key]]
  }
}
