resource "terraform_data" "a" {
  input = 1
}
resource "terraform_data" "b" {
  input = tolist([1, 2])
}
resource "terraform_data" "c" {
  input = tomap({ a = 1 })
}
resource "terraform_data" "d" {
  input = tostring(null)
}
output "t" {
  value = [terraform_data.a.output, terraform_data.b.output, terraform_data.c.output, terraform_data.d.output]
}
