resource "terraform_data" "a" {
  _ {
    foo = 1
  }
}
