output "f" {
  value = format("%s", null)
}
output "g" {
  value = [format("%d", null), "x"]
}
output "n" {
  value = null
}
resource "terraform_data" "x" {
  input = "k"
}
