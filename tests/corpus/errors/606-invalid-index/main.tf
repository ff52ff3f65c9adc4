resource "terraform_data" "a" {
  count = 3
  input = ["p", "q"][count.index]
}
