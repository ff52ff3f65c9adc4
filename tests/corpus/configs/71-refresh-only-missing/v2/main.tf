resource "terraform_data" "a" {
  count = 3
  input = count.index
}
resource "terraform_data" "new" {
  for_each = toset(["q"])
}
output "n" {
  value = length(terraform_data.a)
}
output "new" {
  value = keys(terraform_data.new)
}
output "ids" {
  value = terraform_data.a[*].input
}
