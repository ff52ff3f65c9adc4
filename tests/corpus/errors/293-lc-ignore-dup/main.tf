resource "terraform_data" "a" {
  lifecycle {
    ignore_changes = all
    ignore_changes = [input]
  }
}
