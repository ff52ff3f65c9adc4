resource "terraform_data" "a" {
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "b" {
  depends_on = [terraform_data.a]
}
resource "terraform_data" "c" {
  input = terraform_data.b.id
  lifecycle {
    replace_triggered_by = [terraform_data.a.id]
  }
}
