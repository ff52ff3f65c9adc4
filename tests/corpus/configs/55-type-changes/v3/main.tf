resource "terraform_data" "a" {
  input = toset(["b", "a"])
}
resource "terraform_data" "b" {
  input = { n = [{ x = toset([1]) }] }
}
output "t" {
  value = [terraform_data.a.output, terraform_data.b.output]
}
