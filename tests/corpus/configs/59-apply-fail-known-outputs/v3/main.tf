resource "terraform_data" "ok" {
  input = 1
  lifecycle {
    postcondition {
      condition     = self.output == 1
      error_message = "no"
    }
  }
}
output "dep" {
  value = terraform_data.ok.output
}
