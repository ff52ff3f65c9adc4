resource "terraform_data" "ok" {
  input = 2
  lifecycle {
    postcondition {
      condition     = self.output == 1
      error_message = "no"
    }
  }
}
output "known" {
  value = "v2"
}
output "dep" {
  value = terraform_data.ok.output
}
output "both" {
  value = [terraform_data.ok.input, "x2"]
}
output "fresh" {
  value = 1
}
