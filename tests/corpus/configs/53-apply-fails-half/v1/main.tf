resource "terraform_data" "ok" {
  input = 1
}
resource "terraform_data" "bad" {
  input = terraform_data.ok.output
  lifecycle {
    postcondition {
      condition     = self.output > 1
      error_message = "Not above one."
    }
  }
}
resource "terraform_data" "after" {
  input = terraform_data.bad.output
}
output "o" {
  value = terraform_data.after.output
}
