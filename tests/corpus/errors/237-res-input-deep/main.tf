resource "terraform_data" "a" {
  input = {
    a = [
      1,
      upper(1, 2),
    ]
  }
}
