resource "terraform_data" "a" {
  input = "1"
}
resource "terraform_data" "b" {
  input = [1, 2]
}
resource "terraform_data" "c" {
  input = { a = 1 }
}
resource "terraform_data" "d" {
  input = null
}
output "t" {
  value = [terraform_data.a.output, terraform_data.b.output, terraform_data.c.output, terraform_data.d.output]
}
