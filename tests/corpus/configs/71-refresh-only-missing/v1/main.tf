resource "terraform_data" "a" {
  count = 2
  input = count.index
}
output "n" {
  value = length(terraform_data.a)
}
