resource "terraform_data" "old" {
  input = "v"
}
output "id" {
  value = terraform_data.old.id
}
