resource "terraform_data" "ok" {
  input = 1
}
output "known" {
  value = "v1"
}
output "dep" {
  value = terraform_data.ok.output
}
output "both" {
  value = [terraform_data.ok.input, "x1"]
}
